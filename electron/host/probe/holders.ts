import type { Reader } from '#shared/base/system.ts'
import type { Facts, Holder } from '#shared/facts/facts.ts'
import { blocksByFunction } from './disks.ts'
import { beforeRecorded, listOrEmpty } from './listed.ts'

type Nodes = ReadonlyMap<string, string>

/**
 * Processes that use a device node or a disk of these functions: see `scanProcesses`. Recordings of earlier versions have
 * cards only.
 */
export async function findHolders(reader: Reader, addresses: readonly string[]): Promise<Facts['holders']> {
  const disks = await beforeRecorded(() => blocksByFunction(reader), new Map<string, string[]>())
  const nodes = new Map<string, string>()
  for (const address of addresses) {
    const own = await beforeRecorded(() => nodesOf(reader, address), [])
    for (const node of [...own, ...(disks.get(address) ?? []).map(nodeOfBlock)]) nodes.set(node, address)
  }
  return scanProcesses(reader, nodes)
}

/** Processes that have the VFIO group of a function, or the function itself, open: a running VM. */
export async function findVfioHolders(reader: Reader, address: string): Promise<Facts['holders']> {
  return scanProcesses(reader, new Map((await vfioNodes(reader, address)).map((node) => [node, address])))
}

/** Processes that have one of these nodes of disks and partitions open: another hypervisor, or a tool at work. */
export async function findNodeHolders(reader: Reader, nodes: readonly string[]): Promise<Facts['holders']> {
  return scanProcesses(reader, new Map(nodes.map((node) => [node, node])))
}

/**
 * Looks through /proc/<pid>/fd and /proc/<pid>/maps (a mapping outlives its descriptor) for nodes, given with the
 * function each belongs to. `complete` is false when some process could not be looked at (needs root): an empty
 * list is then no proof.
 */
async function scanProcesses(reader: Reader, nodes: Nodes): Promise<Facts['holders']> {
  const processes = await reader.list('/proc')
  if (processes.kind !== 'names') return { complete: false, list: [] }
  if (nodes.size === 0) return { complete: true, list: [] }
  const pids = processes.names.filter((name) => /^\d+$/u.test(name))
  const looks = await Promise.all(pids.map((pid) => lookAt(reader, Number(pid), nodes)))
  return { complete: looks.every((look) => look.complete), list: looks.flatMap((look) => look.list) }
}

async function lookAt(reader: Reader, pid: number, nodes: Nodes): Promise<Facts['holders']> {
  const [fds, maps] = await Promise.all([reader.list(`/proc/${pid}/fd`), reader.read(`/proc/${pid}/maps`)])
  // A process that ended meanwhile holds nothing.
  const complete = fds.kind !== 'denied' && maps.kind !== 'denied'
  const names = fds.kind === 'names' ? fds.names : []
  const links = await Promise.all(names.map((fd) => reader.link(`/proc/${pid}/fd/${fd}`)))
  const open = links.flatMap((link) => (link.kind === 'target' ? [link.target] : []))
  const mapped = maps.kind === 'text' ? [...maps.text.matchAll(/ (\/dev\/\S+)$/gmu)].map((match) => match[1] ?? '') : []
  const used = [...new Set([...open, ...mapped])].filter((node) => nodes.has(node))
  return { complete, list: used.length === 0 ? [] : await named(reader, pid, used, nodes) }
}

async function named(reader: Reader, pid: number, used: readonly string[], nodes: Nodes): Promise<Holder[]> {
  const comm = await reader.read(`/proc/${pid}/comm`)
  const name = comm.kind === 'text' ? comm.text.trim() : 'unnamed'
  const user = await userOf(reader, pid)
  return used.map((node) => ({ pid, name, user, node, address: nodes.get(node) ?? '' }))
}

/** Returns the effective user, from the second number of `Uid:` (proc_pid_status(5)). */
async function userOf(reader: Reader, pid: number): Promise<string | null> {
  const status = await reader.read(`/proc/${pid}/status`)
  const uid = status.kind === 'text' ? /^Uid:\s+\d+\s+(\d+)/mu.exec(status.text)?.[1] : undefined
  if (uid === undefined) return null
  const passwd = await reader.read('/etc/passwd')
  const rows = passwd.kind === 'text' ? passwd.text.split('\n').map((row) => row.split(':')) : []
  return rows.find((row) => row[2] === uid)?.[0] ?? `uid ${uid}`
}

/** sysfs has ! where a node's name has a slash, e.g. cciss!c0d0. */
export function nodeOfBlock(name: string): string {
  return `/dev/${name.replaceAll('!', '/')}`
}

/** Device nodes of one function: of its GPU by DRM and by NVIDIA's driver, of its sound card, of its VFIO group. */
async function nodesOf(reader: Reader, address: string): Promise<string[]> {
  const base = `/sys/bus/pci/devices/${address}`
  const drm = (await listOrEmpty(reader, `${base}/drm`)).map((name) => `/dev/dri/${name}`)
  const cards = (await listOrEmpty(reader, `${base}/sound`)).map((name) => /^card(\d+)$/u.exec(name)?.[1])
  const sound = await listOrEmpty(reader, '/dev/snd')
  const mine = sound.filter((node) =>
    cards.some((card) => card !== undefined && new RegExp(`C${card}(D|$)`, 'u').test(node)),
  )
  const nvidia = await nvidiaNodes(reader, address)
  return [...drm, ...nvidia, ...mine.map((node) => `/dev/snd/${node}`), ...(await vfioNodes(reader, address))]
}

/**
 * NVIDIA's own nodes. `/dev/nvidiaN` has the minor number the driver names; when that cannot be read, or when this
 * is the only card, all of them count, also those that cards share (nvidiactl, nvidia-uvm, nvidia-modeset).
 */
async function nvidiaNodes(reader: Reader, address: string): Promise<string[]> {
  const gpus = await listOrEmpty(reader, '/proc/driver/nvidia/gpus')
  if (!gpus.includes(address)) return []
  const information = await reader.read(`/proc/driver/nvidia/gpus/${address}/information`)
  const minor = information.kind === 'text' ? /^Device Minor:\s*(\d+)/mu.exec(information.text)?.[1] : undefined
  const all = (await listOrEmpty(reader, '/dev')).filter((name) => name.startsWith('nvidia'))
  const own = all.filter((name) => minor === undefined || gpus.length === 1 || name === `nvidia${minor}`)
  return own.map((name) => `/dev/${name}`)
}

/** Returns the group's node, and since kernel 6.6 the function's own (driver-api/vfio.rst, device cdev). */
async function vfioNodes(reader: Reader, address: string): Promise<string[]> {
  const base = `/sys/bus/pci/devices/${address}`
  const group = await reader.link(`${base}/iommu_group`)
  const own = (await listOrEmpty(reader, `${base}/vfio-dev`)).map((name) => `/dev/vfio/devices/${name}`)
  return group.kind === 'target' ? [`/dev/vfio/${group.target.split('/').at(-1) ?? ''}`, ...own] : own
}
