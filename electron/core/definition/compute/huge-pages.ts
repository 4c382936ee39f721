import { isUnknown } from '#shared/base/unknown.ts'
import { GIGANTIC_PAGE_MIB, HUGE_PAGE_MIB, type HugePageMiB } from '#shared/facts/compute/huge-pages.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'

/** Why a guest's memory cannot lie in huge pages of this size here; null: it can. */
export function hugePagesBlocked(facts: Facts, memoryMiB: number, sizeMiB: HugePageMiB): string | null {
  return unable(facts) ?? lacking(facts, memoryMiB, sizeMiB)
}

function unable({ qemu }: Facts): string | null {
  if (qemu === null || isUnknown(qemu)) return 'QEMU has not answered, so whether it can use them is not known.'
  const able = qemu.objects?.includes('memory-backend-memfd') === true
  const told = qemu.machineProperties?.includes('memory-backend') === true
  return able && told ? null : 'This QEMU is too old for them.'
}

function lacking({ memory }: Facts, memoryMiB: number, sizeMiB: HugePageMiB): string | null {
  const size = sizeMiB === HUGE_PAGE_MIB ? '2 MiB' : '1 GiB'
  const pool = sizeMiB === HUGE_PAGE_MIB ? memory.hugePages : memory.gigantic
  if (isUnknown(pool)) return `Whether this kernel has huge pages is not known: ${pool.unknown}.`
  if (pool === null) return `This kernel has no huge pages of ${size}.`
  if (memoryMiB % sizeMiB !== 0) return `The memory has to be a multiple of ${size}.`
  const needed = memoryMiB / sizeMiB
  if (sizeMiB === HUGE_PAGE_MIB || pool.poolPages >= needed) return null
  return `The kernel makes none of 1 GiB while it runs, and has kept ${pool.poolPages} of ${needed}: add hugepagesz=1G hugepages=${needed} to its command line, and reboot.`
}

/** What step 8 offers. */
export function pageOptions(facts: Facts, memoryMiB: number): DefinitionView['pages'] {
  return [
    {
      id: 'any',
      title: 'Ordinary',
      text: 'The kernel joins them to huge ones where it can. Nothing is kept from the host beforehand.',
      blocked: null,
    },
    {
      id: '2',
      title: 'Huge, 2 MiB',
      text: 'All of them huge, and there only while the VM runs. A host whose memory is in pieces may not find enough.',
      blocked: hugePagesBlocked(facts, memoryMiB, HUGE_PAGE_MIB),
    },
    {
      id: '1024',
      title: 'Huge, 1 GiB',
      text: 'A little faster still. The host does without them all the time, from its boot on.',
      blocked: hugePagesBlocked(facts, memoryMiB, GIGANTIC_PAGE_MIB),
    },
  ]
}
