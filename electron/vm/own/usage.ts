import { tapsOf } from '#core/definition/network/nics.ts'
import type { Host } from '#host/host.ts'
import { parseStat, statusField } from '#host/probe/process-stat.ts'
import { readText } from '#host/read.ts'
import { parseList } from '#shared/base/number-list.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { VmUsage } from '#shared/vm/usage.ts'
import type { VmDefinition, VmPaths } from '#shared/vm/vm.ts'
import { withQmp } from '../qmp/client.ts'
import { qmpBlockStats, qmpCpus } from '../qmp/messages.ts'

const ANSWER_LIMIT_MS = 10_000

/** Counters of a running VM: QEMU names its threads and counts its disks, the kernel counts the rest. Throws `vm-off`, `qmp`. */
export async function usageOf(
  definition: VmDefinition,
  host: Host,
  { qmp }: Pick<VmPaths, 'qmp'>,
): Promise<Omit<VmUsage, 'hostThreads'>> {
  const { threads, disk } = await withQmp(qmp, ANSWER_LIMIT_MS, async (client) => ({
    threads: qmpCpus.parse(await client.command('query-cpus-fast')),
    disk: diskBytes(await client.command('query-blockstats')),
  }))
  const vcpus = await Promise.all(
    threads.map(async (thread) => ({ index: thread['cpu-index'], ...(await threadUsage(host, thread['thread-id'])) })),
  )
  const [first] = vcpus
  if (first === undefined)
    throw new ProblemError('qmp', 'QEMU tells of no virtual processor.', { hint: 'The VM may have just ended.' })
  const { pid } = first
  return {
    at: host.now().getTime(),
    startedAt: await startOf(host, pid),
    vcpus: vcpus.map(({ index, busyMs, lastOn, allowed }) => ({ index, busyMs, lastOn, allowed })),
    memoryMiB: definition.memoryMiB,
    residentMiB: await residentMiB(host, pid),
    disk,
    network: await networkBytes(host, tapsOf(definition)),
  }
}

/** Adds up the bytes of all drives but the firmware's two chips. */
function diskBytes(answer: unknown): VmUsage['disk'] {
  const drives = qmpBlockStats.parse(answer).filter(({ device }) => !/^pflash\d$/u.test(device ?? ''))
  const sum = (field: 'rd_bytes' | 'wr_bytes') => drives.reduce((total, { stats }) => total + stats[field], 0)
  return { readBytes: sum('rd_bytes'), writtenBytes: sum('wr_bytes') }
}

async function threadUsage(host: Host, tid: number) {
  const [stat, status] = await Promise.all([readProc(host, `${tid}/stat`), readProc(host, `${tid}/status`)])
  const parsed = parseStat(stat)
  const allowed = statusField(status, 'Cpus_allowed_list')
  const pid = Number(statusField(status, 'Tgid'))
  if (parsed === null || allowed === null || !Number.isInteger(pid))
    throw new ProblemError('vm-off', `/proc/${tid} is not as this version knows it.`, {
      hint: 'Counters are not shown; the VM itself is not touched by this.',
    })
  return { pid, busyMs: parsed.busyMs, lastOn: parsed.lastOn, allowed: parseList(allowed) }
}

/** Returns the process's own start, found as so much time after boot (proc_stat(5), btime). */
async function startOf(host: Host, pid: number): Promise<string> {
  const [stat, kernel] = await Promise.all([readProc(host, `${pid}/stat`), readProc(host, 'stat')])
  const boot = Number(/^btime (\d+)$/mu.exec(kernel)?.[1] ?? NaN)
  const started = boot * 1000 + (parseStat(stat)?.startMs ?? NaN)
  if (!Number.isFinite(started))
    throw new ProblemError('vm-off', '/proc/stat is not as this version knows it.', {
      hint: 'Counters are not shown; the VM itself is not touched by this.',
    })
  return new Date(started).toISOString()
}

/**
 * Returns the memory in use with huge pages, which are counted apart (proc_pid_status(5)); an older kernel has no such
 * line.
 */
async function residentMiB(host: Host, pid: number): Promise<OrUnknown<number>> {
  const status = await readProc(host, `${pid}/status`)
  const kiB = Number.parseInt(statusField(status, 'VmRSS') ?? '', 10)
  const huge = Number.parseInt(statusField(status, 'HugetlbPages') ?? '0', 10)
  return Number.isFinite(kiB) ? (kiB + huge) / 1024 : unknownBecause(`/proc/${pid}/status has no VmRSS`)
}

/** Returns the bytes that went over the VM's taps together; null: it has none. */
async function networkBytes(host: Host, taps: readonly { tap: string }[]): Promise<VmUsage['network']> {
  const counts = await Promise.all(taps.map(({ tap }) => tapBytes(host, tap)))
  const [unread] = counts.filter(isUnknown)
  if (unread !== undefined) return unread
  const known = counts.flatMap((count) => (isUnknown(count) ? [] : [count]))
  if (known.length === 0) return null
  const sum = (field: 'receivedBytes' | 'sentBytes') => known.reduce((total, count) => total + count[field], 0)
  return { receivedBytes: sum('receivedBytes'), sentBytes: sum('sentBytes') }
}

/** What the guest sends arrives at the host's end of its tap, so the directions change places. */
async function tapBytes(host: Host, tap: string): Promise<OrUnknown<{ receivedBytes: number; sentBytes: number }>> {
  const at = `/sys/class/net/${tap}/statistics`
  const texts = await Promise.all([readText(host, `${at}/tx_bytes`), readText(host, `${at}/rx_bytes`)])
  const [receivedBytes = NaN, sentBytes = NaN] = texts.map((text) => (typeof text === 'string' ? Number(text) : NaN))
  if (Number.isNaN(receivedBytes) || Number.isNaN(sentBytes)) return unknownBecause(`${at} cannot be read`)
  return { receivedBytes, sentBytes }
}

/** Threads of one process can be named like processes below /proc (proc(5)). */
async function readProc(host: Host, path: string): Promise<string> {
  const text = await readText(host, `/proc/${path}`)
  if (typeof text === 'string') return text
  const why = isUnknown(text) ? text.unknown : 'it is gone'
  throw new ProblemError('vm-off', `/proc/${path} cannot be read: ${why}.`, { hint: 'The VM may have just ended.' })
}

/** Returns the host's processors, for the picture of what runs where. */
export function hostThreads({ topology }: Facts): VmUsage['hostThreads'] {
  return isUnknown(topology) ? topology : topology.map(({ id, core }) => ({ id, core }))
}
