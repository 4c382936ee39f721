import { citeFile } from '#core/evidence.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { kernelArgValues, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { fail, fixInStep, manualFix, NO_CHANGES, pass, type Step, unknown, warn } from '../step.ts'
import { firmwareAdvice } from './firmware-words.ts'

const TABLES = '/sys/firmware/acpi/tables'
const GROUPS = '/sys/kernel/iommu_groups'

const ON_THE_HOST =
  'Run this program on the physical host, or have the hypervisor offer nested virtualization and a virtual IOMMU.'

export const platform: Step = {
  id: 'platform',
  title: 'Platform',
  paper: {
    did: 'The paper asks for a system that supports VT-d and checks nothing.',
    we: 'We read what firmware announces and what the kernel made of it, and tell "off in firmware", "off in the kernel" and "not supported" apart. Nothing is changed in this step.',
  },
  gates: [],
  check: () => [],
  plan: () => NO_CHANGES,
  verify: ({ facts }) => [virtualization(facts), iommu(facts), interruptRemapping(facts)],
}

function virtualization(facts: Facts): Finding {
  const { virtualization: flag } = facts.cpu
  const { device, open } = facts.kvm
  const cpu = citeFile('/proc/cpuinfo', flag === null ? 'flags: neither vmx nor svm' : `flags: ${flag}`)
  const answer = isUnknown(open) ? open.unknown : open
  const seen = [cpu, citeFile('/dev/kvm', device ? `exists; open as uid ${facts.session.uid}: ${answer}` : null)]
  if (hiddenByContainer(facts) && open !== 'opened') {
    const text = 'This is a container; the host decides about KVM.'
    return unknown('cpu-virtualization', text, seen, manualFix('Run this program on the host itself.'))
  }
  if (flag === null) return noVirtualization(facts, seen)
  return !device || open === 'no-driver' ? noKvm(facts, flag, seen) : kvmAnswer(facts, seen)
}

/** Judges KVM by opening it: the node alone proves nothing, and its driver registers only where the feature is on. */
function kvmAnswer(facts: Facts, seen: Finding['evidence']): Finding {
  const { open } = facts.kvm
  if (open === 'opened')
    return pass('cpu-virtualization', `${facts.cpu.model || 'The processor'} can run virtual machines with KVM.`, seen)
  if (open === 'denied') {
    const text = 'KVM works, but this user may not open /dev/kvm.'
    const fix = manualFix('Add the user to the group of /dev/kvm (usually: usermod -aG kvm NAME), then log in again.')
    return fail('cpu-virtualization', text, seen, fix)
  }
  return unknown('cpu-virtualization', 'Whether KVM works is not known: /dev/kvm was not opened.', seen)
}

function noVirtualization(facts: Facts, seen: Finding['evidence']): Finding {
  if (facts.cpu.hypervisor) {
    const text = 'This is a virtual machine, and its hypervisor offers no nested virtualization.'
    return fail('cpu-virtualization', text, seen, manualFix(ON_THE_HOST))
  }
  const text = 'The processor offers no virtualization: switched off in firmware, or not supported.'
  return fail('cpu-virtualization', text, seen, manualFix(firmwareAdvice(facts)))
}

/** Old kernels list the flag even where firmware keeps the feature off; then the module does not start. */
function noKvm(facts: Facts, flag: string, seen: Finding['evidence']): Finding {
  const module = flag === 'vmx' ? 'kvm_intel' : 'kvm_amd'
  const loaded = facts.kvm.modules.includes(module)
  const evidence = [...seen, citeFile(`/sys/module/${module}`, loaded ? 'exists' : null)]
  const text = facts.kvm.device
    ? `The processor has ${flag}, but nothing answers behind /dev/kvm: firmware keeps virtualization off, or ${module} did not load.`
    : `The processor has ${flag}, but /dev/kvm is missing: ${module} is not loaded, or firmware keeps virtualization off.`
  return fail(
    'cpu-virtualization',
    text,
    evidence,
    manualFix(`Try modprobe ${module}; when it is refused: ${firmwareAdvice(facts)}`),
  )
}

/** Returns whether a container hides the firmware tables; its mark alone proves nothing, as images leave it behind. */
function hiddenByContainer(facts: Facts): boolean {
  return facts.host.container && isUnknown(facts.iommu.acpiTable)
}

/** Judges the IOMMU by firmware's table (A) and number of groups (G). */
function iommu(facts: Facts): Finding {
  const { acpiTable, groups, units } = facts.iommu
  const table = isUnknown(acpiTable)
    ? citeFile(TABLES, acpiTable.unknown)
    : citeFile(TABLES, acpiTable ?? 'neither DMAR nor IVRS')
  const evidence = [
    table,
    citeFile(GROUPS, `${groups.length} groups`),
    citeFile('/sys/class/iommu', units.join(' ') || 'empty'),
  ]
  if (groups.length > 0) {
    const odd = acpiTable === null ? ' Firmware shows no table for it, so it is a virtual or an unusual one.' : ''
    return pass('iommu', `The IOMMU is on: ${groups.length} groups.${odd}`, evidence)
  }
  if (isUnknown(acpiTable)) return hiddenTables(facts, evidence)
  return acpiTable === null ? noTable(facts, evidence) : kernelOff(facts, evidence)
}

function hiddenTables(facts: Facts, evidence: Finding['evidence']): Finding {
  if (facts.host.container) {
    const text = 'This is a container; it does not show the IOMMU of its host.'
    return unknown('iommu', text, evidence, manualFix('Run this program on the host itself.'))
  }
  const text = 'No IOMMU groups, and the firmware tables cannot be read to say why.'
  return unknown('iommu', text, evidence, manualFix(firmwareAdvice(facts)))
}

function noTable(facts: Facts, evidence: Finding['evidence']): Finding {
  if (facts.cpu.hypervisor) {
    const text = 'This is a virtual machine, and its hypervisor offers no virtual IOMMU.'
    return fail('iommu', text, evidence, manualFix(ON_THE_HOST))
  }
  const table = facts.cpu.vendor === 'amd' ? 'IVRS' : 'DMAR'
  const asked = parseKernelArgs(facts.kernel.cmdline).some((token) =>
    /^(intel|amd)_iommu=(on|force_enable)/u.test(token),
  )
  const late = asked ? ' The kernel argument that asks for it cannot help.' : ''
  const text = `The IOMMU is switched off in firmware or not supported: firmware announces no ${table} table.${late}`
  return fail('iommu', text, evidence, manualFix(firmwareAdvice(facts)))
}

/** Says why no group exists though firmware offers the unit: switched off, built without, or it failed to start. */
function kernelOff(facts: Facts, evidence: Finding['evidence']): Finding {
  const amd = facts.iommu.acpiTable === 'IVRS'
  const own = amd ? 'amd_iommu' : 'intel_iommu'
  const args = parseKernelArgs(facts.kernel.cmdline)
  const values = (name: string) => kernelArgValues(args, name).flatMap((value) => value.split(','))
  const off = [own, 'iommu'].filter(
    (name) => values(name).findLast((value) => value === 'off' || value === 'on') === 'off',
  )
  const seen = [...evidence, citeFile('/proc/cmdline', facts.kernel.cmdline)]
  if (off.length > 0) {
    const text = `Firmware offers the IOMMU, but the kernel leaves it off by ${off.map((name) => `${name}=off`).join(' and ')} on its command line.`
    return fail('iommu', text, seen, fixInStep('boot', 'Step 3 sets the kernel argument.'))
  }
  const { config } = facts.kernel
  const option = amd ? 'AMD_IOMMU' : 'INTEL_IOMMU'
  if (!isUnknown(config) && config.options[option] === 'n') {
    const text = `Firmware offers the IOMMU, but this kernel was built without it (CONFIG_${option}).`
    return fail(
      'iommu',
      text,
      [...seen, citeFile(config.source, `CONFIG_${option}=n`)],
      manualFix('Boot your distribution’s standard kernel.'),
    )
  }
  if (amd || values(own).includes('on')) {
    const text = 'Firmware offers the IOMMU and nothing switches it off, but the kernel did not start it.'
    const fix = manualFix(
      `Look for a firmware update; journalctl -k -g "${amd ? 'AMD-Vi' : 'DMAR'}" shows what the kernel found wrong.`,
    )
    return fail('iommu', text, seen, fix)
  }
  const text = 'Firmware offers the IOMMU, but the kernel leaves it off by its default.'
  return fail('iommu', text, seen, fixInStep('boot', 'Step 3 switches it on with a kernel argument.'))
}

function interruptRemapping(facts: Facts): Finding {
  const { interruptRemapping: remapped, groups } = facts.iommu
  const source = '/proc/interrupts'
  if (isUnknown(remapped)) {
    return unknown('interrupt-remapping', 'Whether interrupts are remapped cannot be read.', [
      citeFile(source, remapped.unknown),
    ])
  }
  if (remapped) {
    return pass('interrupt-remapping', 'Interrupts go through the remapping unit.', [
      citeFile(source, 'chip names with the prefix IR-'),
    ])
  }
  const seen = [citeFile(source, 'no chip name with the prefix IR-')]
  if (groups.length === 0) {
    return warn('interrupt-remapping', 'Interrupts are not remapped; that comes with the IOMMU.', seen)
  }
  const text = 'The IOMMU is on but interrupts are not remapped; VFIO will refuse to hand a device over.'
  return fail(
    'interrupt-remapping',
    text,
    seen,
    manualFix(
      'Look for intremap=off or nointremap on the kernel command line, and for x2APIC or interrupt remapping switches in firmware setup.',
    ),
  )
}
