import type { Reader } from '#shared/base/system.ts'
import { listOrEmpty } from './listed.ts'
import { decoded, type HostMounts, type Use } from './mounts.ts'

const BLOCK = '/sys/class/block'

/** Returns what holds block devices: mounted filesystems and swap. */
export async function blockUses(reader: Reader, { uses, elsewhere }: HostMounts): Promise<Use[]> {
  const known = new Set(await Promise.all(uses.map((use) => blockName(reader, use))))
  const found = [...uses]
  for (const use of [...elsewhere, ...(await kernelUses(reader))]) {
    const block = await blockName(reader, use)
    if (block !== null && known.has(block)) continue
    known.add(block)
    found.push(use)
  }
  return [...found, ...(await swapUses(reader))]
}

/**
 * These filesystems have a directory for each device they are mounted from, in whichever namespace, also in one that
 * no process lives in (kernel, fs/ext4/sysfs.c and its like).
 */
async function kernelUses(reader: Reader): Promise<Use[]> {
  const uses: Use[] = []
  for (const type of ['ext4', 'xfs', 'f2fs']) {
    for (const name of await listOrEmpty(reader, `/sys/fs/${type}`)) {
      if ((await reader.link(`${BLOCK}/${name}`)).kind !== 'target') continue
      uses.push({ source: `/dev/${name}`, target: '', what: `an ${type} is mounted from it`, number: null })
    }
  }
  return uses
}

async function swapUses(reader: Reader): Promise<Use[]> {
  const swaps = await reader.read('/proc/swaps')
  const rows = swaps.kind === 'text' ? swaps.text.split('\n').slice(1) : []
  const sources = rows.map((row) => row.split(/\s+/u)[0] ?? '').filter((source) => source.startsWith('/dev/'))
  return sources.map((source) => ({ source, target: '', what: 'it holds swap', number: null }))
}

/** `/dev/sda1` -> `sda1`; a link or a mapper name -> what it stands for; `/dev/root` by its device number. */
export async function blockName(reader: Reader, { source, target, number }: Use): Promise<string | null> {
  if (number !== null) return withNumber(reader, number)
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
  return number === undefined ? null : withNumber(reader, number)
}

async function withNumber(reader: Reader, number: string): Promise<string | null> {
  const link = await reader.link(`/sys/dev/block/${number}`)
  return link.kind === 'target' ? (link.target.split('/').at(-1) ?? null) : null
}
