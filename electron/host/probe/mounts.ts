import type { Reader } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { beforeRecorded } from './listed.ts'

/** One thing the host keeps on block devices: where it comes from, and what it is for. */
export interface Use {
  source: string
  target: string
  what: string
  /** `8:1`, where it is known: names of device nodes differ from one mount namespace to the next. */
  number: string | null
}

/** What is mounted on this host. */
export interface HostMounts {
  /** Rows of /proc/self/mounts. */
  rows: readonly string[][]
  uses: readonly Use[]
  /** What other mount namespaces have mounted; much of it is the same. */
  elsewhere: readonly Use[]
  /** Why the mounts of some other process could not be seen; null: all were. */
  unseen: string | null
}

/**
 * Mounts of this mount namespace and of all others that a process lives in: containers, snaps and units with private
 * mounts keep filesystems that nobody else sees. Each process tells its mounts to everybody unless /proc hides it.
 */
export async function findMounts(reader: Reader): Promise<OrUnknown<HostMounts>> {
  const own = await reader.read('/proc/self/mounts')
  if (own.kind !== 'text') return unknownBecause('/proc/self/mounts cannot be read')
  const rows = own.text.split('\n').map((row) => row.split(' '))
  const uses = rows.flatMap(([names = '', target = '']) => usesOf(names, decoded(target), null, ''))
  return { rows, uses, ...(await elsewhere(reader)) }
}

/** bcachefs names all its disks in one source: `/dev/sda:/dev/sdb`. FUSE shows its own node, which is no disk. */
function usesOf(names: string, target: string, number: string | null, where: string): Use[] {
  const sources = names.split(/:(?=\/dev\/)/u).filter((name) => name.startsWith('/dev/') && name !== '/dev/fuse')
  return sources.map((source) => ({ source, target, number, what: `${target} is mounted from it${where}` }))
}

/** Blanks and other odd characters are written as octal escapes (proc_pid_mounts(5)). */
export function decoded(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

type Elsewhere = Pick<HostMounts, 'elsewhere' | 'unseen'>

/** A recording of an earlier version did not look there: that is not seen, not free. */
async function elsewhere(reader: Reader): Promise<Elsewhere> {
  const unseen = 'the mounts of other processes were not recorded'
  return beforeRecorded(() => lookElsewhere(reader), { elsewhere: [], unseen })
}

async function lookElsewhere(reader: Reader): Promise<Elsewhere> {
  const listed = await reader.list('/proc')
  if (listed.kind === 'denied') return { elsewhere: [], unseen: 'other processes cannot be seen' }
  const pids = listed.kind === 'names' ? listed.names.filter((name) => /^\d+$/u.test(name)) : []
  const found = await Promise.all((await oneOfEach(reader, pids)).map((group) => mountsOf(reader, group)))
  const hidden = pids.length > 0 && !pids.includes('1') ? 'other processes are hidden (hidepid)' : null
  const denied = found.find((look) => look.unseen !== null)?.unseen ?? null
  const uses = new Map(found.flatMap((look) => look.elsewhere.map((use) => [`${use.number} ${use.source}`, use])))
  return { elsewhere: [...uses.values()], unseen: hidden ?? denied }
}

/** Processes by mount namespace, without our own; of one whose namespace is not told, it alone. */
async function oneOfEach(reader: Reader, pids: readonly string[]): Promise<string[][]> {
  const own = await reader.link('/proc/self/ns/mnt')
  const groups = new Map<string, string[]>()
  const links = await Promise.all(pids.map((pid) => reader.link(`/proc/${pid}/ns/mnt`)))
  for (const [index, link] of links.entries()) {
    const pid = pids[index] ?? ''
    if (link.kind === 'absent') continue
    const name = link.kind === 'target' ? link.target : `of ${pid}`
    groups.set(name, [...(groups.get(name) ?? []), pid])
  }
  if (own.kind === 'target') groups.delete(own.target)
  return [...groups.values()]
}

/** A process that ended meanwhile leaves the word to the next of its namespace. */
async function mountsOf(reader: Reader, pids: readonly string[]): Promise<Elsewhere> {
  for (const pid of pids) {
    const info = await reader.read(`/proc/${pid}/mountinfo`)
    if (info.kind === 'denied')
      return { elsewhere: [], unseen: `the mounts of process ${pid} cannot be read (${info.why})` }
    if (info.kind === 'text' && info.text !== '')
      return { elsewhere: info.text.split('\n').flatMap((row) => usesOfRow(row, pid)), unseen: null }
  }
  return { elsewhere: [], unseen: null }
}

/**
 * `36 35 8:1 / /mnt rw,noatime shared:1 - ext4 /dev/sda1 rw` (proc_pid_mountinfo(5)). Whoever has a user namespace of
 * his own names the source of a tmpfs as he likes, so without a disk's number only bcachefs counts; all disks of a
 * btrfs are in /sys.
 */
function usesOfRow(row: string, pid: string): Use[] {
  const [before = '', after = ''] = row.split(' - ')
  const [, , number = '', , target = ''] = before.split(' ')
  const [type = '', source = ''] = after.split(' ')
  const where = ` in the mount namespace of process ${pid}`
  if (type === 'bcachefs') return usesOf(source, decoded(target), null, where).map((use) => ({ ...use, target: '' }))
  return number.startsWith('0:') ? [] : usesOf(source, decoded(target), number, where)
}

/** Of a process' mounts those on block devices: what else it has mounted is nobody's business. */
export function mountLinesRead(text: string): string {
  const lines = text.split('\n').filter((row) => usesOfRow(row, '').length > 0)
  return lines.map((line) => `${line}\n`).join('')
}
