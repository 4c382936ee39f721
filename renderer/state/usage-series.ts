import { isUnknown } from '#shared/base/unknown.ts'
import type { VmUsage } from '#shared/vm/usage.ts'

/** How far back the charts reach, and after what silence their lines break. */
export const WINDOW_MS = 300_000
const GAP_MS = 12_000

const MIB = 1_048_576

/** One moment of the charts: rates since the moment before; null: not known, the line breaks. */
export interface UsagePoint {
  at: number
  /** Of all virtual processors together, in percent. */
  cpu: number | null
  memoryMiB: number | null
  /** MiB a second. */
  read: number | null
  written: number | null
  received: number | null
  sent: number | null
}

/** Adds a sample to those of the same run of the VM; what is too old, or of another run, is dropped. */
export function withSample(samples: readonly VmUsage[], next: VmUsage): VmUsage[] {
  const kept = samples.filter(({ at, startedAt }) => startedAt === next.startedAt && at < next.at)
  return [...kept.filter(({ at }) => next.at - at <= WINDOW_MS), next]
}

/** Rates between neighbouring samples. The first has no neighbour and gives none. */
export function pointsOf(samples: readonly VmUsage[]): UsagePoint[] {
  return samples.slice(1).map((now, index) => {
    const before = samples[index]
    const gap = before === undefined || now.at - before.at > GAP_MS
    return gap ? broken(now) : point(before, now)
  })
}

function broken({ at }: VmUsage): UsagePoint {
  return { at, cpu: null, memoryMiB: null, read: null, written: null, received: null, sent: null }
}

function point(before: VmUsage, now: VmUsage): UsagePoint {
  const ms = now.at - before.at
  const rate = (from: number, to: number) => (Math.max(0, to - from) / MIB / ms) * 1000
  const [was, is] = [networkOf(before), networkOf(now)]
  return {
    at: now.at,
    // The kernel counts in hundredths of a second, so a short look can show a little more than all there is.
    cpu: Math.min(100, (Math.max(0, busyOf(now) - busyOf(before)) / (ms * now.vcpus.length)) * 100),
    memoryMiB: isUnknown(now.residentMiB) ? null : now.residentMiB,
    read: rate(before.disk.readBytes, now.disk.readBytes),
    written: rate(before.disk.writtenBytes, now.disk.writtenBytes),
    received: was === null || is === null ? null : rate(was.receivedBytes, is.receivedBytes),
    sent: was === null || is === null ? null : rate(was.sentBytes, is.sentBytes),
  }
}

function busyOf({ vcpus }: VmUsage): number {
  return vcpus.reduce((total, { busyMs }) => total + busyMs, 0)
}

function networkOf({ network }: VmUsage) {
  return isUnknown(network) ? null : network
}
