import { z } from 'zod'
import { orUnknown } from '../base/unknown.ts'

/** One virtual processor: its thread's CPU time so far, where it ran last and where it may run. */
const vcpuUsage = z.strictObject({
  index: z.number().int(),
  busyMs: z.number(),
  lastOn: z.number().int(),
  allowed: z.array(z.number().int()),
})
export type VcpuUsage = z.infer<typeof vcpuUsage>

/** A logical processor of the host, and which others are the same core. */
const hostThread = z.strictObject({ id: z.number().int(), core: z.string() })
export type HostThread = z.infer<typeof hostThread>

/** Counters of a running VM at one moment; two of them make a rate. Bytes as the guest sees them. */
export const vmUsage = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.number(),
  startedAt: z.string(),
  vcpus: z.array(vcpuUsage),
  memoryMiB: z.number().int(),
  residentMiB: orUnknown(z.number()),
  disk: z.strictObject({ readBytes: z.number(), writtenBytes: z.number() }),
  /** Null: a private network inside QEMU, which keeps no count. */
  network: orUnknown(z.strictObject({ receivedBytes: z.number(), sentBytes: z.number() }).nullable()),
  hostThreads: orUnknown(z.array(hostThread)),
})
export type VmUsage = z.infer<typeof vmUsage>

/** What QEMU and its start script wrote; `text` null: there is nothing to read, `why` says so. */
export const vmLog = z.strictObject({ path: z.string(), text: z.string().nullable(), why: z.string() })
