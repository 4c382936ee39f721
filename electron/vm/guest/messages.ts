import { z } from 'zod'

/** Commands of the guest agent this program sends (QEMU guest agent protocol reference). Nothing else can be. */
export type AgentCommand =
  | 'guest-info'
  | 'guest-get-osinfo'
  | 'guest-get-devices'
  | 'guest-exec'
  | 'guest-exec-status'
  | 'guest-network-get-interfaces'

/** A guest's word of any length a guest may send; more is a mistake or malice. */
const word = z.string().max(200)

/** At most `most` of these. They are counted before one is looked at: a guest may send millions, each with its error. */
export function boundedArray<T extends z.ZodType>(item: T, most: number) {
  return z.array(z.unknown()).max(most).pipe(z.array(item))
}

/** Every answer is one of these two; what is returned depends on the command. */
export const agentError = z.looseObject({ error: z.looseObject({ class: word, desc: z.string().max(2000) }) })
export const agentReturn = z.looseObject({ return: z.unknown() })

export const guestInfo = z.looseObject({
  version: word,
  supported_commands: boundedArray(z.looseObject({ name: word, enabled: z.boolean() }), 1000),
})

/** `id` is `mswindows` for Windows, otherwise that of os-release(5). */
export const guestOs = z.looseObject({ id: word.optional(), 'kernel-release': word.optional() })

export const execStarted = z.looseObject({ pid: z.number().int() })

/** `out-data` is base64; the agent keeps at most 16 MiB and says when it cut. */
export const execStatus = z.looseObject({
  exited: z.boolean(),
  exitcode: z.number().int().optional(),
  'out-data': z.string().optional(),
})

/** Only agents in Windows have this command; it tells neither address nor class. */
export const windowsDevices = boundedArray(
  z.looseObject({
    'driver-name': word,
    'driver-version': word.optional(),
    id: z.looseObject({ type: word, 'vendor-id': z.number().int(), 'device-id': z.number().int() }).optional(),
  }),
  2000,
)

/** Network cards of the guest. One without an address, or a tunnel without a MAC, leaves that out. */
export const guestInterfaces = boundedArray(
  z.looseObject({
    name: word,
    'hardware-address': word.optional(),
    'ip-addresses': boundedArray(
      z.looseObject({ 'ip-address': word, 'ip-address-type': z.enum(['ipv4', 'ipv6']), prefix: z.number().int() }),
      1000,
    ).optional(),
  }),
  1000,
)
