import type { FileStamp } from '#shared/base/file-stamp.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Baseline } from '#shared/facts/baseline.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { Comparison } from '#shared/ipc/health.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { fixInStep } from '../steps/step.ts'
import { cardDrift } from './card-drift.ts'
import { compare } from './compare.ts'
import { fileDrift } from './file-drift.ts'

/** Compares everything of the last known good with what is now, one comparison a thing. Pure. */
export function drift(baseline: Baseline, facts: Facts, journal: readonly JournalEntry[]): Comparison[] {
  return [
    kernel(baseline, facts),
    kernelArguments(baseline, facts),
    system(baseline, facts),
    qemu(baseline, facts),
    ...firmware(baseline, facts),
    ...bios(baseline, facts),
    ...cardDrift(baseline, facts),
    ...fileDrift(baseline, facts, journal),
  ]
}

function kernel(baseline: Baseline, facts: Facts): Comparison {
  return compare({
    code: 'drift-kernel',
    what: 'The kernel',
    source: '/proc/sys/kernel/osrelease',
    was: baseline.kernel,
    is: facts.kernel.release,
    fix: fixInStep(
      'kernel',
      'If the VM does not start, boot the former kernel from the boot menu. Step 2 looks at this one.',
    ),
  })
}

/** What the boot loader adds by itself names the kernel, which is told already. */
const OF_THE_LOADER = /^(?:BOOT_IMAGE|initrd)=/u

function kernelArguments(baseline: Baseline, facts: Facts): Comparison {
  const [was, is] = [baseline.cmdline, facts.kernel.cmdline].map((line) =>
    parseKernelArgs(line).filter((token) => !OF_THE_LOADER.test(token)),
  )
  const [before = [], now = []] = [was, is]
  const compared = compare({
    code: 'drift-arguments',
    what: 'Kernel arguments',
    source: '/proc/cmdline',
    was: before.join(' '),
    is: now.join(' '),
    fix: fixInStep('boot', 'Step 3 shows which arguments it needs.'),
  })
  const { finding } = compared
  if (compared.same === true)
    return { ...compared, finding: { ...finding, text: 'Kernel arguments are as they were.' } }
  const gone = before.filter((token) => !now.includes(token))
  const fresh = now.filter((token) => !before.includes(token))
  const told = [...gone.map((token) => `${token} is gone`), ...fresh.map((token) => `${token} is new`)]
  const text = `Kernel arguments differ: ${told.join(', ') || 'their order or number'}.`
  return { ...compared, finding: { ...finding, text } }
}

function system(baseline: Baseline, facts: Facts): Comparison {
  return compare({
    code: 'drift-system',
    what: 'The system',
    source: '/etc/os-release',
    was: baseline.system,
    is: facts.host.osName,
    fix: fixInStep('boot', 'An upgrade may have written boot files anew; step 3 looks at them.'),
  })
}

function qemu(baseline: Baseline, facts: Facts): Comparison {
  const hidden = isUnknown(facts.qemu) ? facts.qemu.unknown : null
  const binary = facts.qemu === null || isUnknown(facts.qemu) ? null : facts.qemu
  return compare({
    code: 'drift-qemu',
    what: 'QEMU',
    source: binary === null ? 'qemu -version' : `${binary.binary} -version`,
    was: baseline.qemu,
    is: binary?.version ?? null,
    hidden,
    fix: fixInStep('definition', 'Step 8 asks this QEMU whether it accepts the VM.'),
  })
}

/** Returns the UEFI image the VM starts from: the same path, length and last write. */
function firmware({ firmware: was }: Baseline, facts: Facts): Comparison[] {
  if (was === null) return []
  const { qemu: now } = facts
  const found = now === null || isUnknown(now) ? undefined : now.firmware.find(({ code }) => code === was.path)
  const compared = compare({
    code: 'drift-firmware',
    what: 'UEFI of the VM',
    source: was.path,
    was: stamped(was.path, was.stamp),
    is: found === undefined ? null : stamped(found.code, found.stamp),
    hidden: isUnknown(now) ? now.unknown : null,
    fix: fixInStep('definition', 'A firmware package was installed anew; step 8 shows what the VM starts from.'),
  })
  return [compared]
}

function stamped(path: string, stamp: FileStamp | null): string {
  return stamp === null ? path : `${path} of ${stamp.modified.slice(0, 10)}, ${stamp.bytes} bytes`
}

/** Null or unreadable then: there is nothing to compare with. */
function bios(baseline: Baseline, facts: Facts): Comparison[] {
  const { bios: was } = baseline
  const { bios: is } = facts.host
  if (was === null || isUnknown(was)) return []
  const compared = compare({
    code: 'drift-bios',
    what: 'The BIOS',
    source: '/sys/class/dmi/id/bios_version',
    was,
    is: isUnknown(is) ? null : is,
    hidden: isUnknown(is) ? is.unknown : null,
    fix: fixInStep('platform', 'A firmware update can put settings back; step 1 shows whether the IOMMU is still on.'),
  })
  return [compared]
}
