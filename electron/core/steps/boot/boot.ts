import { bootPlan } from '#core/boot/boot-plan.ts'
import { formerFiles, formerText } from '#core/boot/initramfs/former.ts'
import { citeFile } from '#core/evidence.ts'
import { citeHost } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { InitramfsId } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type ArgsEdit, formatKernelArgs, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { nixosText } from '../distros/nixos.ts'
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
import { editNow, editOf, wantedArgs } from './edit.ts'
import { leftovers } from './leftovers.ts'

export const boot: Step = {
  id: 'boot',
  title: 'Boot',
  paper: {
    did: 'The paper adds intel_iommu=on, i915.enable_hd_vgaarb=1 and "modprobe. Blacklist =nouveau", blacklists nouveau, and allows unsafe interrupts.',
    we: 'The i915 option never was in the kernel, the blacklist is misspelt and needless when binding goes by address, and unsafe interrupts disable a check this platform passes. We add only the arguments that are missing, and never those.',
  },
  gates: [],
  check: (situation) => [
    platformReady(situation),
    loaderInCharge(situation, editNow(situation)),
    ...leftovers(situation),
    initramfsInCharge(situation),
  ],
  plan: (situation) => {
    const { facts, loader: chosen, initramfs } = situation
    if (chosen === null || facts.boot.readOnlyRoot || platformReady(situation).status === 'fail')
      return reversible([], false)
    const { defaultEntry } = chosen.found
    if (isUnknown(defaultEntry) || chosen.loader.untouched !== undefined) return reversible([], false)
    const changes = bootPlan(facts, chosen, editOf(defaultEntry.cmdline, situation), initramfs)
    return reversible(changes, !isNoEdit(editNow(situation)))
  },
  hostText: (situation) => nixosText(situation, 'boot'),
  verify: (situation) => [entry(situation), running(situation), ...image(situation), ...rescueEntry(situation)],
}

function platformReady(situation: Situation): Finding {
  const { acpiTable, groups } = situation.facts.iommu
  const seen = [citeFile('/sys/firmware/acpi/tables', isUnknown(acpiTable) ? acpiTable.unknown : acpiTable)]
  if (groups.length > 0 || acpiTable === 'DMAR')
    return pass('boot-platform', 'Firmware offers an IOMMU, so kernel arguments can switch it on.', seen)
  if (acpiTable === 'IVRS') return amdReady(situation, seen)
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

/** AMD's IOMMU is on by default, so that only an argument can have turned it off. */
function amdReady(situation: Situation, seen: Finding['evidence']): Finding {
  const { remove } = editNow(situation)
  const cmdline = citeFile('/proc/cmdline', situation.facts.kernel.cmdline)
  if (remove.length > 0)
    return pass('boot-platform', `Firmware offers an IOMMU, and ${remove.join(' and ')} keeps the kernel from it.`, [
      ...seen,
      cmdline,
    ])
  return fail(
    'boot-platform',
    'The IOMMU of this AMD host is on by default, and nothing on the command line that is known here turns it off.',
    [...seen, cmdline],
    fixInStep('platform', 'Step 1 says more.'),
  )
}

function entry(situation: Situation): Finding {
  const { facts, defaultEntry } = situation
  const wanted = wantedArgs(situation)
  if (isUnknown(defaultEntry)) return unreadableEntry(facts, defaultEntry.unknown, editNow(situation))
  const seen = [citeFile(defaultEntry.source, `${defaultEntry.title}\n${defaultEntry.cmdline}`)]
  const edit = editOf(defaultEntry.cmdline, situation)
  if (!isNoEdit(edit)) return fail('boot-entry', `The default boot entry ${lacks(edit)}.`, seen)
  return pass(
    'boot-entry',
    wanted.length === 0
      ? 'The default boot entry needs no argument added.'
      : `The default boot entry carries ${formatKernelArgs(wanted)}.`,
    seen,
  )
}

/** What is wrong with a command line: `lacks intel_iommu=on and has iommu=off, which goes`. */
function lacks({ add, remove }: ArgsEdit): string {
  const added = add.length === 0 ? [] : [`lacks ${formatKernelArgs(add)}`]
  const taken = remove.length === 0 ? [] : [`has ${remove.join(' and ')}, which ${remove.length > 1 ? 'go' : 'goes'}`]
  return [...added, ...taken].join(' and ')
}

/** What boots by default cannot be read; after the reboot /proc/cmdline is the proof, and the menu only a reminder. */
function unreadableEntry(facts: Facts, why: string, edit: ArgsEdit): Finding {
  const { closed } = facts.boot
  const seen = [citeHost('boot entry', why)]
  if (closed.length === 0) return unknown('boot-entry', 'What boots by default is not known.', seen)
  const hidden = 'what boots by default can be read by root only'
  if (!isNoEdit(edit)) return unknown('boot-entry', `${hidden.replace('w', 'W')}.`, seen, readAsRoot(closed))
  const cmdline = citeFile('/proc/cmdline', facts.kernel.cmdline)
  const text = `This boot was started with every argument that is needed; ${hidden}.`
  return warn('boot-entry', text, [cmdline, ...seen], readAsRoot(closed))
}

function running(situation: Situation): Finding {
  const { facts, defaultEntry } = situation
  const groups = facts.iommu.groups.length
  const seen = [
    citeFile('/proc/cmdline', facts.kernel.cmdline),
    citeFile('/sys/kernel/iommu_groups', groups === 0 ? 'empty' : `${groups} groups`),
  ]
  const edit = editNow(situation)
  if (isNoEdit(edit)) return pass('boot-running', 'The running kernel was started with all of them.', seen)
  const rendered = !isUnknown(defaultEntry) && isNoEdit(editOf(defaultEntry.cmdline, situation))
  const text = `The running kernel was started ${started(edit)}.`
  return rendered ? afterReboot('boot-running', `${text} A reboot brings it.`, seen) : fail('boot-running', text, seen)
}

function started({ add, remove }: ArgsEdit): string {
  const without = add.length === 0 ? [] : [`without ${formatKernelArgs(add)}`]
  const having = remove.length === 0 ? [] : [`with ${remove.join(' and ')}`]
  return [...without, ...having].join(' and ')
}

function formerEvidence(facts: Facts, id: InitramfsId): Finding['evidence'] {
  return (formerFiles(facts, id)?.boot ?? []).map((path) => citeFile(path, 'is there'))
}

/** Whether the drop-in that puts vfio-pci into the image is written; the image itself was built with it. */
function image({ facts, initramfs: tool }: Situation): Finding[] {
  if (tool === null) return []
  const former = formerText(facts, tool, 'boot')
  if (former !== null) return [fail('boot-image', former, formerEvidence(facts, tool.id))]
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
