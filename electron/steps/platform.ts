import type { Facts } from '../../shared/facts.ts'
import type { Finding } from '../../shared/finding.ts'
import { kernelArgValues, parseKernelArgs } from '../../shared/kernel-args.ts'
import { isUnknown } from '../../shared/unknown.ts'
import { firmwareAdvice } from './firmware-words.ts'
import { NO_CHANGES, type Step, advise, fail, goTo, pass, saw, unknown, warn } from './step.ts'

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
  check: () => [],
  plan: () => NO_CHANGES,
  verify: (facts) => [virtualization(facts), iommu(facts), interruptRemapping(facts)],
}

function virtualization(facts: Facts): Finding {
  const { virtualization: flag, model } = facts.cpu
  const cpu = saw('/proc/cpuinfo', flag === null ? 'flags: neither vmx nor svm' : `flags: ${flag}`)
  const node = saw('/dev/kvm', facts.kvm.device ? 'exists' : null)
  if (flag !== null && facts.kvm.device) {
    return pass('cpu-virtualization', `${model || 'The processor'} can run virtual machines with KVM.`, [cpu, node])
  }
  if (hiddenByContainer(facts)) {
    return unknown(
      'cpu-virtualization',
      'This is a container; the host decides about KVM.',
      [cpu, node],
      advise('Run this program on the host itself.'),
    )
  }
  if (flag === null) {
    if (facts.cpu.hypervisor)
      return fail(
        'cpu-virtualization',
        'This is a virtual machine, and its hypervisor offers no nested virtualization.',
        [cpu, node],
        advise(ON_THE_HOST),
      )
    const text = 'The processor offers no virtualization: switched off in firmware, or not supported.'
    return fail('cpu-virtualization', text, [cpu, node], advise(firmwareAdvice(facts)))
  }
  const text = `The processor has ${flag}, but /dev/kvm is missing: the kvm module is not loaded, or firmware keeps virtualization off.`
  return fail('cpu-virtualization', text, [cpu, node], advise(firmwareAdvice(facts)))
}

/** A container mark alone proves nothing: images leave it behind. A container also hides the firmware tables. */
function hiddenByContainer(facts: Facts): boolean {
  return facts.machine.container && isUnknown(facts.iommu.acpiTable)
}

/** The decision table: firmware's table (A) by number of groups (G). */
function iommu(facts: Facts): Finding {
  const { acpiTable, groups, units } = facts.iommu
  const table = isUnknown(acpiTable)
    ? saw(TABLES, acpiTable.unknown)
    : saw(TABLES, acpiTable ?? 'neither DMAR nor IVRS')
  const evidence = [table, saw(GROUPS, `${groups.length} groups`), saw('/sys/class/iommu', units.join(' ') || 'empty')]
  if (groups.length > 0) return pass('iommu', `The IOMMU is on: ${groups.length} groups.`, evidence)
  if (isUnknown(acpiTable)) return hiddenTables(facts, evidence)
  return acpiTable === null ? noTable(facts, evidence) : kernelOff(facts, evidence)
}

function hiddenTables(facts: Facts, evidence: Finding['evidence']): Finding {
  if (facts.machine.container) {
    const text = 'This is a container; it does not show the IOMMU of its host.'
    return unknown('iommu', text, evidence, advise('Run this program on the host itself.'))
  }
  const text = 'No IOMMU groups, and the firmware tables cannot be read to say why.'
  return unknown('iommu', text, evidence, advise(firmwareAdvice(facts)))
}

function noTable(facts: Facts, evidence: Finding['evidence']): Finding {
  if (facts.cpu.hypervisor) {
    const text = 'This is a virtual machine, and its hypervisor offers no virtual IOMMU.'
    return fail('iommu', text, evidence, advise(ON_THE_HOST))
  }
  const table = facts.cpu.vendor === 'amd' ? 'IVRS' : 'DMAR'
  const text = `The IOMMU is switched off in firmware or not supported: firmware announces no ${table} table.`
  return fail('iommu', text, evidence, advise(firmwareAdvice(facts)))
}

function kernelOff(facts: Facts, evidence: Finding['evidence']): Finding {
  const args = parseKernelArgs(facts.kernel.cmdline)
  const off = ['intel_iommu', 'amd_iommu', 'iommu'].filter((name) => kernelArgValues(args, name).at(-1) === 'off')
  const cause = off.length > 0 ? `${off.map((name) => `${name}=off`).join(' and ')} on its command line` : 'its default'
  const seen = [...evidence, saw('/proc/cmdline', facts.kernel.cmdline)]
  const text = `Firmware offers the IOMMU, but the kernel leaves it off by ${cause}.`
  return fail('iommu', text, seen, goTo('boot', 'Step 3 switches it on with a kernel argument.'))
}

function interruptRemapping(facts: Facts): Finding {
  const { interruptRemapping: remapped, groups } = facts.iommu
  const source = '/proc/interrupts'
  if (isUnknown(remapped)) {
    return unknown('interrupt-remapping', 'Whether interrupts are remapped cannot be read.', [
      saw(source, remapped.unknown),
    ])
  }
  if (remapped) {
    return pass('interrupt-remapping', 'Interrupts go through the remapping unit.', [
      saw(source, 'chip names with the prefix IR-'),
    ])
  }
  const seen = [saw(source, 'no chip name with the prefix IR-')]
  if (groups.length === 0) {
    return warn('interrupt-remapping', 'Interrupts are not remapped; that comes with the IOMMU.', seen)
  }
  const text = 'The IOMMU is on but interrupts are not remapped; VFIO will refuse to hand a device over.'
  return fail(
    'interrupt-remapping',
    text,
    seen,
    advise(
      'Look for intremap=off or nointremap on the kernel command line, and for x2APIC or interrupt remapping switches in firmware setup.',
    ),
  )
}
