import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

const RUN = '/run/passthrough-studio'

/** A file of /proc that may vanish while it is read. */
async function proc(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

async function pids(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))
}

/** Process ids whose command line matches. */
export async function processes(pattern: RegExp): Promise<number[]> {
  const lines = await Promise.all((await pids()).map(async (pid) => [pid, await proc(`/proc/${pid}/cmdline`)] as const))
  return lines.filter(([, line]) => pattern.test(line.replaceAll('\0', ' '))).map(([pid]) => Number(pid))
}

/** Its own processes: QEMU of a VM, its TPM, its script. A QEMU that only answers questions has no guest. */
export const OF_A_VM = /guest=designer|^swtpm |vms\/designer\/start-vm\.sh/u

async function vfioHandles(): Promise<string[]> {
  const found: string[] = []
  for (const pid of await pids()) {
    const directory = `/proc/${pid}/fd`
    for (const fd of await readdir(directory).catch(() => [])) {
      const target = await readlink(join(directory, fd)).catch(() => '')
      if (target.startsWith('/dev/vfio/')) found.push(`process ${pid} holds ${target}`)
    }
  }
  return found
}

/** kB of memory that processes hold locked, as VFIO charges it (proc(5), VmLck). */
async function lockedKiB(): Promise<number> {
  const states = await Promise.all((await pids()).map((pid) => proc(`/proc/${pid}/status`)))
  return states.reduce((sum, text) => sum + Number(/^VmLck:\s+(\d+) kB$/mu.exec(text)?.[1] ?? 0), 0)
}

async function meminfo(field: string): Promise<number> {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'mu').exec(await proc('/proc/meminfo'))?.[1] ?? -1)
}

async function socketFiles(): Promise<string[]> {
  const names = await readdir(join(RUN, 'vms/designer')).catch(() => [])
  return names.filter((name) => name.endsWith('.sock'))
}

async function taps(): Promise<string[]> {
  const links = await readdir('/sys/class/net')
  const flags = await Promise.all(links.map((link) => proc(`/sys/class/net/${link}/tun_flags`)))
  return links.filter((_, index) => flags[index] !== '')
}

/** Huge pages there are now, used or not. */
export function hugePages(): Promise<number> {
  return meminfo('HugePages_Total')
}

const SLICES = ['init.scope', 'system.slice', 'user.slice']

/** What a file of each slice's cpuset says, of those that say something (cgroup-v2.rst). */
async function cpusetFiles(file: string, slices: readonly string[]): Promise<(readonly [string, string])[]> {
  const read = async (slice: string) => [slice, (await proc(`/sys/fs/cgroup/${slice}/${file}`)).trim()] as const
  return (await Promise.all(slices.map(read))).filter(([, cpus]) => cpus !== '')
}

/** Processors each slice's programs may run on, VMs' own slice included while there is one. */
export async function cpusets(): Promise<Record<string, string>> {
  return Object.fromEntries(await cpusetFiles('cpuset.cpus.effective', [...SLICES, 'passthroughstudio.slice']))
}

/** Slices that somebody has confined to some processors. */
async function confined(): Promise<string[]> {
  return (await cpusetFiles('cpuset.cpus', SLICES)).map(([slice, cpus]) => `${slice} confined to ${cpus}`)
}

/** What a VM that has ended must not leave behind, one line each; empty: nothing. */
export async function leftovers(): Promise<string[]> {
  const unix = (await proc('/proc/net/unix')).split('\n').filter((line) => line.includes(`${RUN}/`))
  const units = await execa('systemctl', ['list-units', '--all', '--plain', '--no-legend', 'passthrough-studio-vm-*'])
  const [locked, huge] = [await lockedKiB(), await hugePages()]
  return [
    ...(await processes(OF_A_VM)).map((pid) => `process ${pid}`),
    ...unix.map((line) => `socket ${line}`),
    ...(await socketFiles()).map((name) => `socket file ${name}`),
    ...(await vfioHandles()),
    ...(await taps()).map((name) => `tap ${name}`),
    ...(units.stdout === '' ? [] : [`unit ${units.stdout}`]),
    ...(locked === 0 ? [] : [`${locked} kB locked`]),
    ...(huge === 0 ? [] : [`${huge} huge pages`]),
    ...(await confined()),
  ]
}

/** Files of the VM that undo should have taken away. */
export async function files(): Promise<string[]> {
  const home = '/var/lib/passthrough-studio/vms/designer'
  return (await readdir(home).catch(() => [])).map((name) => `file ${join(home, name)}`)
}

/** Which processors each thread of the VM's QEMU may run on, by the thread's name. */
export async function affinities(): Promise<Record<string, string>> {
  const [pid] = await processes(/guest=designer/u)
  const found: Record<string, string> = {}
  for (const task of await readdir(`/proc/${pid ?? 0}/task`)) {
    const at = `/proc/${pid ?? 0}/task/${task}`
    const allowed = /^Cpus_allowed_list:\s+(\S+)$/mu.exec(await proc(`${at}/status`))?.[1]
    if (allowed !== undefined) found[`${(await proc(`${at}/comm`)).trim()} ${task}`] = allowed
  }
  return found
}

/** Mebibytes a program could get; a leak shows as a steady fall. */
export async function availableMiB(): Promise<number> {
  return Math.round((await meminfo('MemAvailable')) / 1024)
}
