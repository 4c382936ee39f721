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
export const qmpStatus = z.looseObject({ status: z.string(), running: z.boolean() })

/** Answer to query-cpus-fast. */
export const qmpCpus = z.array(z.looseObject({ 'cpu-index': z.number().int(), 'thread-id': z.number().int() }))

/** Commands this program sends. Nothing else can be. */
export type QmpCommand = 'qmp_capabilities' | 'query-status' | 'query-cpus-fast' | 'cont' | 'system_powerdown' | 'quit'
