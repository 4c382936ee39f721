import type { Reader } from '#shared/base/system.ts'
import type { Claim } from '#shared/facts/facts.ts'
import { listOrEmpty } from './listed.ts'

const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu
const DEVICES = '/sys/bus/pci/devices'
const BLOCK = '/sys/class/block'

/** One thing the host keeps on block devices: where it comes from, and what it is for. */
export interface Use {
  source: string
  target: string
  what: string
}

/**
 * Controllers of mounted filesystems and swap: through dm, md, bcache, btrfs with many disks, NVMe multipath,
 * VMD and ZFS. What cannot be followed to a controller makes every storage controller a doubtful claim.
 */
export async function storageClaims(reader: Reader, mounts: string): Promise<Claim[]> {
  const rows = mounts.split('\n').map((row) => row.split(' '))
  const claims: Claim[] = []
  for (const use of await blockUses(reader, rows)) claims.push(...(await claimsOf(reader, use)))
  const pools = await poolsOf(reader, rows)
  return [...claims, ...(await btrfsClaims(reader)), ...(await zfsClaims(reader, pools))]
}

/** Mounted filesystems and swap. `rows` are those of /proc/self/mounts. */
export async function blockUses(reader: Reader, rows: readonly string[][]): Promise<Use[]> {
  return [...mountUses(rows), ...(await swapUses(reader))]
}

/** bcachefs names all its disks in one source: `/dev/sda:/dev/sdb`. FUSE shows its own node, which is no disk. */
function mountUses(rows: readonly string[][]): Use[] {
  return rows.flatMap(([names = '', mountPoint = '']) => {
    const target = decoded(mountPoint)
    const sources = names.split(/:(?=\/dev\/)/u).filter((name) => name.startsWith('/dev/') && name !== '/dev/fuse')
    return sources.map((source) => ({ source, target, what: `${target} is mounted from it` }))
  })
}

/** Blanks and other odd characters are written as octal escapes (proc_pid_mounts(5)). */
function decoded(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

async function swapUses(reader: Reader): Promise<Use[]> {
  const swaps = await reader.read('/proc/swaps')
  const rows = swaps.kind === 'text' ? swaps.text.split('\n').slice(1) : []
  const sources = rows.map((row) => row.split(/\s+/u)[0] ?? '').filter((source) => source.startsWith('/dev/'))
  return sources.map((source) => ({ source, target: '', what: 'it holds swap' }))
}

async function claimsOf(reader: Reader, use: Use): Promise<Claim[]> {
  const block = await blockName(reader, use)
  const detail = `${use.what} (${use.source})`
  if (block === null) return doubts(reader, `${use.source} cannot be followed to its disk (${use.what})`)
  const controllers = await controllersOf(reader, block, 0)
  return controllers.map((address) => ({ address, kind: 'storage', detail, certain: true }))
}

/** `/dev/sda1` -> `sda1`; a link or a mapper name -> what it stands for; `/dev/root` by its device number. */
export async function blockName(reader: Reader, { source, target }: Use): Promise<string | null> {
  const plain = source.slice('/dev/'.length).replaceAll('/', '!')
  if ((await reader.link(`${BLOCK}/${plain}`)).kind === 'target') return plain
  const mapped = await mapperName(reader, source)
  if (mapped !== null) return mapped
  const link = await reader.link(source)
  const linked = link.kind === 'target' ? (link.target.split('/').at(-1) ?? '') : ''
  if (linked !== '' && (await reader.link(`${BLOCK}/${linked}`)).kind === 'target') return linked
  return target === '' ? null : byNumber(reader, target)
}

async function mapperName(reader: Reader, source: string): Promise<string | null> {
  if (!source.startsWith('/dev/mapper/')) return null
  const wanted = source.slice('/dev/mapper/'.length)
  for (const name of await listOrEmpty(reader, BLOCK)) {
    if (!name.startsWith('dm-')) continue
    const label = await reader.read(`${BLOCK}/${name}/dm/name`)
    if (label.kind === 'text' && label.text.trim() === wanted) return name
  }
  return null
}

/** The third field of /proc/self/mountinfo is major:minor, the fifth the mount point (proc_pid_mountinfo(5)). */
async function byNumber(reader: Reader, target: string): Promise<string | null> {
  const info = await reader.read('/proc/self/mountinfo')
  const rows = info.kind === 'text' ? info.text.split('\n').map((row) => row.split(' ')) : []
  const number = rows.find((row) => decoded(row[4] ?? '') === target)?.[2]
  if (number === undefined) return null
  const link = await reader.link(`/sys/dev/block/${number}`)
  return link.kind === 'target' ? (link.target.split('/').at(-1) ?? null) : null
}

/**
 * Controllers under a block device. A disk on the bus has them in its path, a VMD controller above included;
 * dm, md and bcache name their parts in `slaves`. Depth-limited against loops.
 */
async function controllersOf(reader: Reader, block: string, depth: number): Promise<string[]> {
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

/** A mounted btrfs lists all its disks; /proc/mounts names only one of them. */
async function btrfsClaims(reader: Reader): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const id of await listOrEmpty(reader, '/sys/fs/btrfs')) {
    for (const block of await listOrEmpty(reader, `/sys/fs/btrfs/${id}/devices`)) {
      const detail = `a mounted btrfs has a part on it (/dev/${block})`
      for (const address of await controllersOf(reader, block, 0))
        claims.push({ address, kind: 'storage', detail, certain: true })
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
      claims.push(...controllers.map((address) => ({ address, kind: 'storage' as const, detail, certain: true })))
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
      claims.push({ address, kind: 'storage', detail, certain: false })
  }
  return claims
}
