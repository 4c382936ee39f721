import { GIGANTIC_PAGE_MIB } from '#shared/facts/compute/huge-pages.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Decided } from '../decided.ts'
import { isProof } from '../machine/profile.ts'
import type { ArgumentContext, ArgumentGroup, Capabilities } from '../qemu/arguments.ts'
import type { Choice } from '../topic.ts'

/** Memory for the proof guest, which is a kernel, a shell and a script. */
const PROOF_MEMORY_MIB = 768
/** A node's memory is also the kernel's, and that of every program that began there. */
const SHARE_OF_NODE = 0.9

/** Memory of a VM, and where it comes from. */
export interface Memory {
  sizeMiB: number
  /** NUMA node that all of it is taken from; null: from any. */
  node: number | null
}

/**
 * Half of the host's memory in whole GiB, because a VM with a passed device keeps all of it pinned; of a host with several
 * NUMA nodes no more than three quarters of the card's.
 */
export function decideMemory(facts: Facts, choice: Choice, card: UnitView | null): Decided<Memory> {
  const home = homeOf(facts, card)
  const { value, reason } = decideSize(facts, choice, home)
  // Of pages kept at boot each node has a share; to be bound to one would be to do without the others'.
  const spread = choice.hugePages && choice.hugePageMiB === GIGANTIC_PAGE_MIB
  if (home === null || spread) return { value: { sizeMiB: value, node: null }, reason }
  const fits = value <= home.totalMiB * SHARE_OF_NODE
  const where = fits
    ? `It comes from NUMA node ${home.id}, where the card is.`
    : `NUMA node ${home.id}, where the card is, has ${home.totalMiB} MiB, so it comes from several.`
  return { value: { sizeMiB: value, node: fits ? home.id : null }, reason: `${reason} ${where}` }
}

type Node = Facts['memory']['nodes'][number]

/** The card's node where there is another to choose from. */
function homeOf({ memory: { nodes } }: Facts, card: UnitView | null): Node | null {
  const home = nodes.find(({ id }) => id === card?.functions[0]?.numaNode)
  return home !== undefined && nodes.length > 1 ? home : null
}

function decideSize({ memory }: Facts, choice: Choice, home: Node | null): Decided<number> {
  if (choice.memoryMiB !== null) return { value: choice.memoryMiB, reason: 'As you chose.' }
  if (isProof(choice)) return { value: PROOF_MEMORY_MIB, reason: 'Enough to unpack this host’s initramfs.' }
  const half = gibibytes(memory.totalMiB / 2)
  const most = home === null ? half : gibibytes((home.totalMiB * 3) / 4)
  if (most < half) return { value: most, reason: `Three quarters of a node’s memory: the card keeps all of it pinned.` }
  return { value: half, reason: `Half of the host’s ${memory.totalMiB} MiB: the card keeps all of it pinned.` }
}

/** Whole GiB, in MiB. */
function gibibytes(sizeMiB: number): number {
  return Math.max(1, Math.floor(sizeMiB / 1024)) * 1024
}

/**
 * What QEMU makes the guest's memory of; null: of what it takes by itself, which is anonymous too. The kernel gives
 * transparent huge pages to anonymous memory that asks for them, as QEMU's does (system/physmem.c, QEMU_MADV_HUGEPAGE);
 * to a file without a name it gives none unless shmem_enabled was set, which by default is not (kernel: transhuge.rst).
 * So memory is such a file only where its pages come of the host's pool, or another program reads it: virtiofsd does.
 */
export function memoryBackend({ hugePages, memoryNode, sharedFolders }: VmDefinition, qemu: Capabilities) {
  const can = (object: string) => qemu.objects?.includes(object) === true
  if (qemu.machineProperties?.includes('memory-backend') !== true) return null
  if ((hugePages || sharedFolders.length > 0) && can('memory-backend-memfd')) return 'memory-backend-memfd'
  return memoryNode !== null && can('memory-backend-ram') ? 'memory-backend-ram' : null
}

/** The dry start leaves the host's huge pages alone: it must not wait for memory, nor fail for lack of it. */
export function memoryArguments({ definition, qemu, withHost }: ArgumentContext): ArgumentGroup {
  const { memoryNode, hugePages, hugePageMiB } = definition
  const size = `${definition.memoryMiB}M`
  const backend = memoryBackend(definition, qemu)
  const file = backend === 'memory-backend-memfd'
  const pool = hugePages && file && withHost
  const huge = pool ? `,hugetlb=on,hugetlbsize=${hugePageMiB}M,prealloc=on` : ''
  const node = memoryNode === null ? '' : `,host-nodes=${memoryNode},policy=bind`
  const object =
    backend === null ? [] : ['-object', `${backend},id=ram,size=${size}${file ? ',share=on' : ''}${huge}${node}`]
  return { reason: reason(definition, { backend, pool }), args: ['-m', size, ...object] }
}

function reason(
  { memoryNode, sharedFolders }: VmDefinition,
  { backend, pool }: { backend: string | null; pool: boolean },
) {
  return [
    'Memory. All of it is pinned while a device is passed through, so there is no balloon.',
    ...(backend === null || memoryNode === null ? [] : ['It lies near the card.']),
    ...(pool ? ['It lies in huge pages, all of them there before the guest starts.'] : []),
    ...(sharedFolders.length === 0 ? [] : ['virtiofsd, which serves shared folders, reads it too.']),
  ].join(' ')
}
