import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { blockName, blockUses } from './block-uses.ts'
import { linkUses } from './claims/network.ts'
import { listOrEmpty } from './listed.ts'
import { findMounts, type HostMounts } from './mounts.ts'

const BLOCK = '/sys/class/block'

/** Something the host needs now: the place in sysfs it lies at, and what it is for. */
export interface InUse {
  at: string
  why: string
}

/**
 * Places of all block devices below mounted filesystems and swap, and of the links the host's traffic goes through.
 * Unknown when one of them cannot be followed: then any disk may be the one.
 */
export async function findInUse(
  reader: Reader,
  looked: Promise<OrUnknown<HostMounts>> = findMounts(reader),
): Promise<OrUnknown<InUse[]>> {
  const mounts = await looked
  if (isUnknown(mounts)) return mounts
  if (mounts.unseen !== null) return unknownBecause(mounts.unseen)
  const found: InUse[] = []
  for (const use of await blockUses(reader, mounts)) {
    const block = await blockName(reader, use)
    if (block === null) return unknownBecause(`${use.source} cannot be followed to its disk (${use.what})`)
    for (const at of await placesBelow(reader, BLOCK, block, 'slaves', 0))
      found.push({ at, why: `${use.what} (${use.source})` })
  }
  return [...found, ...(await btrfsMembers(reader)), ...(await linksInUse(reader))]
}

/**
 * Returns a device and everything it stands on: dm, md and bcache name their parts in `slaves`, bridges in
 * `lower_NAME`.
 */
async function placesBelow(
  reader: Reader,
  directory: string,
  name: string,
  parts: 'slaves' | 'lower',
  depth: number,
): Promise<string[]> {
  const link = await reader.link(`${directory}/${name}`)
  if (link.kind !== 'target' || depth > 8) return []
  const below =
    parts === 'slaves'
      ? await listOrEmpty(reader, `${directory}/${name}/slaves`)
      : (await listOrEmpty(reader, `${directory}/${name}`)).flatMap((entry) => /^lower_(.+)$/u.exec(entry)?.[1] ?? [])
  const deeper = await Promise.all(below.map((part) => placesBelow(reader, directory, part, parts, depth + 1)))
  return [link.target, ...deeper.flat()]
}

/** A mounted btrfs lists all its disks; /proc/mounts names only one of them. */
async function btrfsMembers(reader: Reader): Promise<InUse[]> {
  const found: InUse[] = []
  for (const id of await listOrEmpty(reader, '/sys/fs/btrfs')) {
    for (const block of await listOrEmpty(reader, `/sys/fs/btrfs/${id}/devices`)) {
      const link = await reader.link(`${BLOCK}/${block}`)
      if (link.kind === 'target')
        found.push({ at: link.target, why: `a mounted btrfs has a part on it (/dev/${block})` })
    }
  }
  return found
}

async function linksInUse(reader: Reader): Promise<InUse[]> {
  const found: InUse[] = []
  for (const [name, why] of await linkUses(reader)) {
    const places = await placesBelow(reader, '/sys/class/net', name, 'lower', 0)
    found.push(...places.map((at) => ({ at, why })))
  }
  return found
}
