import { isUnknown } from '#shared/base/unknown.ts'
import { HUGE_PAGE_MIB } from '#shared/facts/compute/huge-pages.ts'
import type { Facts } from '#shared/facts/facts.ts'

/** Why a guest's memory cannot lie in huge pages here; null: it can. */
export function hugePagesBlocked({ memory, qemu }: Facts, memoryMiB: number): string | null {
  if (isUnknown(memory.hugePages))
    return `Whether this kernel has huge pages is not known: ${memory.hugePages.unknown}.`
  if (memory.hugePages === null) return 'This kernel has no huge pages of 2 MiB.'
  if (qemu === null || isUnknown(qemu)) return 'QEMU has not answered, so whether it can use them is not known.'
  const able = qemu.objects?.includes('memory-backend-memfd') === true
  if (!able || qemu.machineProperties?.includes('memory-backend') !== true) return 'This QEMU is too old for them.'
  return memoryMiB % HUGE_PAGE_MIB === 0 ? null : `The memory has to be a multiple of ${HUGE_PAGE_MIB} MiB.`
}

/** What the tick in step 8 says. */
export const HUGE_PAGES_REASON =
  'Memory in pages of 2 MiB saves work in programs that use a lot of it. The pages are there only while the VM runs; a host whose memory is in pieces may not find enough of them.'
