import type { Facts, Holder } from './facts.ts'
import { listOrEmpty } from './listed.ts'
import type { Reader } from './system.ts'

/**
 * Processes that have a device node of these functions open, by looking through /proc/<pid>/fd.
 * `complete` is false when some process could not be looked at (needs root): an empty list is then no proof.
 */
export async function findHolders(reader: Reader, addresses: readonly string[]): Promise<Facts['holders']> {
  const nodes = new Map<string, string>()
  for (const address of addresses) {
    for (const node of await nodesOf(reader, address)) nodes.set(node, address)
  }
  const processes = await reader.list('/proc')
  if (processes.kind !== 'names') return { complete: false, list: [] }
  const pids = processes.names.filter((name) => /^\d+$/u.test(name))
  const looks = await Promise.all(pids.map((pid) => lookAt(reader, Number(pid), nodes)))
  return { complete: looks.every((look) => look.complete), list: looks.flatMap((look) => look.list) }
}

async function lookAt(reader: Reader, pid: number, nodes: ReadonlyMap<string, string>): Promise<Facts['holders']> {
  if (nodes.size === 0) return { complete: true, list: [] }
  const fds = await reader.list(`/proc/${pid}/fd`)
  // A process that ended meanwhile holds nothing.
  if (fds.kind === 'absent') return { complete: true, list: [] }
  if (fds.kind === 'denied') return { complete: false, list: [] }
  const links = await Promise.all(fds.names.map((fd) => reader.link(`/proc/${pid}/fd/${fd}`)))
  const open = new Set(links.flatMap((link) => (link.kind === 'target' && nodes.has(link.target) ? [link.target] : [])))
  const list: Holder[] = []
  if (open.size > 0) {
    const comm = await reader.read(`/proc/${pid}/comm`)
    const name = comm.kind === 'text' ? comm.text.trim() : 'unnamed'
    for (const node of open) list.push({ pid, name, node, address: nodes.get(node) ?? '' })
  }
  return { complete: true, list }
}

/** Device nodes of one function: DRM nodes for a GPU, sound nodes for its audio. */
async function nodesOf(reader: Reader, address: string): Promise<string[]> {
  const base = `/sys/bus/pci/devices/${address}`
  const drm = (await listOrEmpty(reader, `${base}/drm`)).map((name) => `/dev/dri/${name}`)
  const cards = (await listOrEmpty(reader, `${base}/sound`)).map((name) => /^card(\d+)$/u.exec(name)?.[1])
  const sound = await listOrEmpty(reader, '/dev/snd')
  const mine = sound.filter((node) =>
    cards.some((card) => card !== undefined && new RegExp(`C${card}(D|$)`, 'u').test(node)),
  )
  return [...drm, ...mine.map((node) => `/dev/snd/${node}`)]
}
