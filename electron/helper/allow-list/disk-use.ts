import { blocksOn } from '#host/probe/disks.ts'
import { findNodeHolders, nodeOfBlock } from '#host/probe/holders.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { holderNames, onlyLooks } from '#shared/facts/holder-words.ts'
import { shortAddress } from '#shared/facts/pci.ts'

/** Refuses a PCI function while a process or the kernel itself uses a disk that hangs on it. */
export async function assertDisksOfFunctionFree(system: System, address: string): Promise<void> {
  await assertBlocksFree(system, await blocksOn(system, address), shortAddress(address))
}

/**
 * The last questions before a disk is given away. What is mounted has been asked before, by names; here the kernel
 * answers for itself. Throws `in-use`, or `refused` where it cannot be told.
 */
async function assertBlocksFree(system: System, blocks: readonly string[], what: string): Promise<void> {
  const nodes = blocks.map(nodeOfBlock)
  if (nodes.length === 0) return
  const holders = await findNodeHolders(system, nodes)
  const list = holders.list.filter((holder) => !onlyLooks(holder))
  if (list.length > 0) {
    const open = [...new Set(list.map(({ node }) => node))].join(', ')
    throw new ProblemError('in-use', `${what} is not given away: ${open} is open in ${holderNames(list)}.`, {
      hint: 'End what uses it, then try again. Nothing was changed.',
    })
  }
  if (!holders.complete) throw refused(what, 'not every process could be looked at, so who uses its disk is not known')
  for (const node of nodes) await assertNotClaimed(system, node, what)
}

async function assertNotClaimed(system: System, node: string, what: string): Promise<void> {
  const use = (await system.exclusive?.(node)) ?? { kind: 'free' }
  if (use.kind === 'in-use')
    throw new ProblemError('in-use', `${what} is not given away: the kernel itself uses ${node}.`, {
      hint: 'It is mounted, be it in a container, or holds swap, RAID or LVM. End that, then try again. Nothing was changed.',
    })
  if (use.kind === 'denied') throw refused(what, `whether the kernel uses it cannot be told (${use.why})`)
}

function refused(what: string, why: string): ProblemError {
  return new ProblemError('refused', `${what} is not given away: ${why}.`, { hint: 'Nothing was changed.' })
}
