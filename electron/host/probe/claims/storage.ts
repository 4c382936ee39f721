import type { Reader } from '#shared/base/system.ts'
import type { Claim } from '#shared/facts/facts.ts'
import { blockName, blockUses } from '../block-uses.ts'
import { listOrEmpty } from '../listed.ts'
import type { HostMounts, Use } from '../mounts.ts'

const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu
const DEVICES = '/sys/bus/pci/devices'
const BLOCK = '/sys/class/block'

/**
 * Controllers of mounted filesystems and swap: through dm, md, bcache, btrfs with many disks, NVMe multipath,
 * VMD and ZFS, and of what the host has built on a disk without mounting it yet. What cannot be followed to a
 * controller, or not be seen, makes every storage controller a doubtful claim.
 */
export async function storageClaims(reader: Reader, mounts: HostMounts): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const use of await blockUses(reader, mounts)) claims.push(...(await claimsOf(reader, use)))
  const pools = await poolsOf(reader, mounts.rows)
  claims.push(...(await btrfsClaims(reader)), ...(await zfsClaims(reader, pools)))
  const built = await builtOnClaims(reader, new Set(claims.map(({ address }) => address)))
  return [...claims, ...built, ...(mounts.unseen === null ? [] : await doubts(reader, mounts.unseen))]
}

async function claimsOf(reader: Reader, use: Use): Promise<Claim[]> {
  const block = await blockName(reader, use)
  const detail = `${use.what} (${use.source})`
  if (block === null) return doubts(reader, `${use.source} cannot be followed to its disk (${use.what})`)
  const controllers = await controllersOf(reader, block, 0)
  return controllers.map((address) => ({ address, kind: 'storage', detail, certain: true, stop: null }))
}

/**
 * Controllers under a block device. A disk on the bus has them in its path, a VMD controller above included;
 * dm, md and bcache name their parts in `slaves`. Depth-limited against loops.
 */
export async function controllersOf(reader: Reader, block: string, depth: number): Promise<string[]> {
  const path = await reader.link(`${BLOCK}/${block}`)
  if (path.kind !== 'target' || depth > 8) return []
  const direct = path.target.match(ADDRESS)
  if (direct !== null) return withoutBridges(reader, direct)
  const subsystem = /\/nvme-subsystem\/([^/]+)\//u.exec(path.target)?.[1]
  if (subsystem !== undefined) return multipathControllers(reader, subsystem)
  const parts = await listOrEmpty(reader, `${BLOCK}/${block}/slaves`)
  const below = await Promise.all(parts.map((part) => controllersOf(reader, part, depth + 1)))
  return below.flat()
}

/** With NVMe multipath a disk hangs on a virtual subsystem that lists its real controllers. */
async function multipathControllers(reader: Reader, subsystem: string): Promise<string[]> {
  const names = await listOrEmpty(reader, `/sys/class/nvme-subsystem/${subsystem}`)
  const found: string[] = []
  for (const name of names.filter((entry) => /^nvme\d+$/u.test(entry))) {
    const link = await reader.link(`/sys/class/nvme/${name}`)
    if (link.kind === 'target') found.push(...(link.target.match(ADDRESS) ?? []))
  }
  return withoutBridges(reader, found)
}

async function withoutBridges(reader: Reader, addresses: readonly string[]): Promise<string[]> {
  const kept: string[] = []
  for (const address of new Set(addresses)) {
    if (!(await classOf(reader, address)).startsWith('0x06')) kept.push(address)
  }
  return kept
}

async function classOf(reader: Reader, address: string): Promise<string> {
  const result = await reader.read(`${DEVICES}/${address}/class`)
  return result.kind === 'text' ? result.text.trim() : ''
}

/** Device mapper, RAID and bcache hold what they stand on, also while nothing is mounted. */
async function builtOnClaims(reader: Reader, claimed: ReadonlySet<string>): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const block of await listOrEmpty(reader, BLOCK)) {
    const [holder] = await listOrEmpty(reader, `${BLOCK}/${block}/holders`)
    if (holder === undefined) continue
    const detail = `${holder} of the host is built on it (/dev/${block})`
    for (const address of await controllersOf(reader, block, 0))
      if (!claimed.has(address)) claims.push({ address, kind: 'storage', detail, certain: true, stop: null })
  }
  return claims
}

/** A mounted btrfs lists all its disks; /proc/mounts names only one of them. */
async function btrfsClaims(reader: Reader): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const id of await listOrEmpty(reader, '/sys/fs/btrfs')) {
    for (const block of await listOrEmpty(reader, `/sys/fs/btrfs/${id}/devices`)) {
      const detail = `a mounted btrfs has a part on it (/dev/${block})`
      for (const address of await controllersOf(reader, block, 0))
        claims.push({ address, kind: 'storage', detail, certain: true, stop: null })
    }
  }
  return claims
}

/** Imported pools, with the module's statistics as evidence beside the mounted datasets. */
async function poolsOf(reader: Reader, rows: readonly string[][]): Promise<Set<string>> {
  const mounted = rows.filter((row) => row[2] === 'zfs').map((row) => row[0]?.split('/')[0] ?? '')
  const pools = new Set(mounted.filter((name) => name !== ''))
  for (const name of await listOrEmpty(reader, '/proc/spl/kstat/zfs')) {
    if ((await reader.list(`/proc/spl/kstat/zfs/${name}`)).kind === 'names') pools.add(name)
  }
  return pools
}

/** Disks of a pool are those udev's database calls zfs_member with the pool's name as label. */
async function zfsClaims(reader: Reader, pools: ReadonlySet<string>): Promise<Claim[]> {
  if (pools.size === 0) return []
  const members = await zfsMembers(reader)
  const claims: Claim[] = []
  for (const pool of pools) {
    const mine = members.filter((member) => member.pool === pool)
    const detail = `the ZFS pool ${pool} has a part on it`
    for (const { block } of mine) {
      const controllers = await controllersOf(reader, block, 0)
      claims.push(
        ...controllers.map((address) => ({ address, kind: 'storage' as const, detail, certain: true, stop: null })),
      )
    }
    if (mine.length === 0) claims.push(...(await doubts(reader, `the disks of the ZFS pool ${pool} cannot be told`)))
  }
  return claims
}

async function zfsMembers(reader: Reader): Promise<{ block: string; pool: string }[]> {
  const members: { block: string; pool: string }[] = []
  for (const block of await listOrEmpty(reader, BLOCK)) {
    const number = await reader.read(`${BLOCK}/${block}/dev`)
    if (number.kind !== 'text') continue
    const udev = await reader.read(`/run/udev/data/b${number.text.trim()}`)
    if (udev.kind !== 'text' || !/^E:ID_FS_TYPE=zfs_member$/mu.test(udev.text)) continue
    members.push({ block, pool: /^E:ID_FS_LABEL=(.*)$/mu.exec(udev.text)?.[1] ?? '' })
  }
  return members
}

/** Not knowing where something lies, any storage controller may be the one. */
async function doubts(reader: Reader, detail: string): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const address of await listOrEmpty(reader, DEVICES)) {
    if ((await classOf(reader, address)).startsWith('0x01'))
      claims.push({ address, kind: 'storage', detail, certain: false, stop: null })
  }
  return claims
}
