import { bootPlan } from '#core/boot/boot-plan.ts'
import { citeFile } from '#core/evidence.ts'
import { citeHost } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import {
  type AddedArg,
  formatKernelArgs,
  isEffective,
  type KernelArgs,
  kernelArgValues,
  missingArgs,
  parseKernelArgs,
} from '#shared/facts/kernel-args.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import {
  afterReboot,
  fail,
  fixInStep,
  manualFix,
  pass,
  readAsRoot,
  reversible,
  type Step,
  unknown,
  warn,
} from '../step.ts'
import { initramfsInCharge, loaderInCharge, rescueEntry } from './boot-tools.ts'

export const boot: Step = {
  id: 'boot',
  title: 'Boot',
  paper: {
    did: 'The paper adds intel_iommu=on, i915.enable_hd_vgaarb=1 and "modprobe. Blacklist =nouveau", blacklists nouveau, and allows unsafe interrupts.',
    we: 'The i915 option never was in the kernel, the blacklist is misspelt and needless when binding goes by address, and unsafe interrupts disable a check this platform passes. We add only the arguments that are missing, and never those.',
  },
  gates: [],
  check: (situation) => [
    platformReady(situation.facts),
    loaderInCharge(situation, missingNow(situation)),
    initramfsInCharge(situation),
  ],
  plan: (situation) => {
    const { facts, loader: chosen, initramfs } = situation
    if (chosen === null || facts.boot.readOnlyRoot || platformReady(facts).status === 'fail')
      return reversible([], false)
    const { defaultEntry } = chosen.found
    if (isUnknown(defaultEntry) || chosen.loader.advice !== undefined) return reversible([], false)
    const missing = missingArgs(parseKernelArgs(defaultEntry.cmdline), wantedArgs(situation))
    const changes = bootPlan(facts, chosen, missing, initramfs)
    return reversible(changes, missingNow(situation).length > 0)
  },
  verify: (situation) => [entry(situation), running(situation), ...image(situation), ...rescueEntry(situation)],
}

/** Returns what the running kernel was not started with. */
function missingNow(situation: Situation): AddedArg[] {
  return missingArgs(parseKernelArgs(situation.facts.kernel.cmdline), wantedArgs(situation))
}

/**
 * Arguments this host needs: intel_iommu=on where the kernel leaves a VT-d unit (DMAR table) off, iommu=pt when chosen.
 * AMD kernels have it on by default, and amd_iommu=on is not a value they know.
 */
function wantedArgs({ facts, choices, defaultEntry }: Situation): AddedArg[] {
  const args = parseKernelArgs(facts.kernel.cmdline)
  const entry = isUnknown(defaultEntry) ? [] : parseKernelArgs(defaultEntry.cmdline)
  const offNow = facts.iommu.groups.length === 0
  const offLater = kernelArgValues(entry, 'intel_iommu').at(-1) === 'off'
  const onByArgument = isEffective(args, 'intel_iommu=on')
  const { acpiTable } = facts.iommu
  const vtd = isUnknown(acpiTable) ? facts.cpu.vendor === 'intel' : acpiTable === 'DMAR'
  const intel = vtd && (offNow || offLater || onByArgument)
  const wanted: [AddedArg, boolean][] = [
    ['intel_iommu=on', intel],
    ['iommu=pt', choices.boot.hostPassthrough],
  ]
  return wanted.flatMap(([arg, needed]) => (needed ? [arg] : []))
}

function platformReady(facts: Facts): Finding {
  const { acpiTable, groups } = facts.iommu
  const seen = [citeFile('/sys/firmware/acpi/tables', isUnknown(acpiTable) ? acpiTable.unknown : acpiTable)]
  if (groups.length > 0 || acpiTable === 'DMAR')
    return pass('boot-platform', 'Firmware offers an IOMMU, so kernel arguments can switch it on.', seen)
  if (acpiTable === 'IVRS')
    return fail(
      'boot-platform',
      'The IOMMU of this AMD host is on by default; something on the command line turns it off.',
      [citeFile('/proc/cmdline', facts.kernel.cmdline)],
      manualFix('Remove amd_iommu=off or iommu=off; taking arguments away is not handled yet.'),
    )
  if (isUnknown(acpiTable))
    return unknown(
      'boot-platform',
      'Whether firmware offers an IOMMU is not known.',
      seen,
      fixInStep('platform', 'Step 1 says more.'),
    )
  return fail(
    'boot-platform',
    'No kernel argument helps while firmware offers no IOMMU.',
    seen,
    manualFix('Step 1 says what to do first.'),
  )
}

function entry(situation: Situation): Finding {
  const { facts, defaultEntry } = situation
  const wanted = wantedArgs(situation)
  if (isUnknown(defaultEntry)) return unreadableEntry(facts, defaultEntry.unknown, missingNow(situation))
  const seen = [citeFile(defaultEntry.source, `${defaultEntry.title}\n${defaultEntry.cmdline}`)]
  const present = parseKernelArgs(defaultEntry.cmdline)
  const missing = missingArgs(present, wanted)
  if (missing.length > 0) {
    const text = `The default boot entry lacks ${formatKernelArgs(missing)}.${othersStay(present, missing)}`
    return fail('boot-entry', text, seen)
  }
  return pass(
    'boot-entry',
    wanted.length === 0
      ? 'The default boot entry needs no argument added.'
      : `The default boot entry carries ${formatKernelArgs(wanted)}.`,
    seen,
  )
}

/** Returns why an argument that says the opposite may stay: the kernel takes the last one given (isEffective). */
function othersStay(present: KernelArgs, missing: readonly AddedArg[]): string {
  const others = missing.flatMap((arg) => {
    const [name = ''] = arg.split('=')
    return kernelArgValues(present, name).map((value) => `${name}=${value}`)
  })
  if (others.length === 0) return ''
  return ` ${others.join(' ')} may stay: the kernel takes the last one given, and ours is put behind it.`
}

/** What boots by default cannot be read; after the reboot /proc/cmdline is the proof, and the menu only a reminder. */
function unreadableEntry(facts: Facts, why: string, missing: readonly AddedArg[]): Finding {
  const { closed } = facts.boot
  const seen = [citeHost('boot entry', why)]
  if (closed.length === 0) return unknown('boot-entry', 'What boots by default is not known.', seen)
  const hidden = 'what boots by default can be read by root only'
  if (missing.length > 0) return unknown('boot-entry', `${hidden.replace('w', 'W')}.`, seen, readAsRoot(closed))
  const cmdline = citeFile('/proc/cmdline', facts.kernel.cmdline)
  const text = `This boot was started with every argument that is needed; ${hidden}.`
  return warn('boot-entry', text, [cmdline, ...seen], readAsRoot(closed))
}

function running(situation: Situation): Finding {
  const { facts, defaultEntry } = situation
  const wanted = wantedArgs(situation)
  const groups = facts.iommu.groups.length
  const seen = [
    citeFile('/proc/cmdline', facts.kernel.cmdline),
    citeFile('/sys/kernel/iommu_groups', groups === 0 ? 'empty' : `${groups} groups`),
  ]
  const missing = missingNow(situation)
  if (missing.length === 0) return pass('boot-running', 'The running kernel was started with all of them.', seen)
  const rendered = !isUnknown(defaultEntry) && missingArgs(parseKernelArgs(defaultEntry.cmdline), wanted).length === 0
  const text = `The running kernel was started without ${formatKernelArgs(missing)}.`
  return rendered ? afterReboot('boot-running', `${text} A reboot brings it.`, seen) : fail('boot-running', text, seen)
}

/** Whether the drop-in that puts vfio-pci into the image is written; the image itself was built with it. */
function image({ facts, initramfs: tool }: Situation): Finding[] {
  if (tool === null) return []
  const open = tool.planModules(facts)
  const paths = open.flatMap((planned) => (planned.change.kind === 'write-file' ? [planned.change.path] : []))
  if (open.length === 0)
    return [
      pass(
        'boot-image',
        `Our file that puts vfio-pci into each initramfs of ${tool.name} is in place.`,
        facts.boot.images.map((path) => citeFile(path, 'exists')),
      ),
    ]
  return [
    fail(
      'boot-image',
      'The initramfs does not hold vfio-pci yet.',
      paths.map((path) => citeFile(path, null)),
    ),
  ]
}
