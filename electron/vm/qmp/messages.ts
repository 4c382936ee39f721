import { z } from 'zod'

/** First message of a QMP server (docs/interop/qmp-spec). */
export const qmpGreeting = z.looseObject({ QMP: z.looseObject({}) })

/** Answer to a command, by the id we gave it. */
export const qmpReturn = z.looseObject({ id: z.number().int(), return: z.unknown() })
export const qmpError = z.looseObject({
  id: z.number().int().optional(),
  error: z.looseObject({ class: z.string(), desc: z.string() }),
})

/** Answer to query-status. */
export const statusAnswer = z.looseObject({ status: z.string(), running: z.boolean() })

/** Answer to query-vnc; `auth` is `none` where no password is asked for. */
export const qmpVnc = z.looseObject({ enabled: z.boolean(), auth: z.string().optional() })

/** Answer to query-cpus-fast: one for each virtual processor; the thread id is the kernel's. */
export const qmpCpus = z.array(z.looseObject({ 'cpu-index': z.number().int(), 'thread-id': z.number().int() }))

/** Answer to query-blockstats: bytes since the start, as the guest asked for them. */
export const qmpBlockStats = z.array(
  z.looseObject({
    device: z.string().optional(),
    stats: z.looseObject({ rd_bytes: z.number(), wr_bytes: z.number() }),
  }),
)

/** Answer to query-block: drives with the name of their device and what lies in them. */
export const qmpBlocks = z.array(
  z.looseObject({ qdev: z.string().optional(), inserted: z.looseObject({ file: z.string() }).optional() }),
)

/** Commands this program sends, with their arguments. Nothing else can be. */
interface QmpCommands {
  qmp_capabilities: null
  'query-status': null
  cont: null
  system_powerdown: null
  system_reset: null
  quit: null
  'query-block': null
  eject: { id: string; force: true }
  'blockdev-change-medium': { id: string; filename: string; format: 'raw'; 'read-only-mode': 'read-only' }
  'query-vnc': null
  'query-cpus-fast': null
  'query-blockstats': null
  set_password: { protocol: 'vnc'; password: string }
  /** `+N`: in N seconds. */
  expire_password: { protocol: 'vnc'; time: string }
}
export type QmpCommand = keyof QmpCommands
export type QmpArguments<N extends QmpCommand> = QmpCommands[N] extends null ? [] : [QmpCommands[N]]
