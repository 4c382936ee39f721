import { z } from 'zod'
import { stepId } from './step-id.ts'

/** Ways to see a guest that has a card; `nobody`: it serves over the network and needs no eyes. */
export const displayMethod = z.enum([
  'monitor',
  'console',
  'spice',
  'looking-glass',
  'sunshine',
  'rdp',
  'anyware',
  'pcoip-card',
  'nobody',
])
export type DisplayMethod = z.infer<typeof displayMethod>

/** A host name or an IPv4 or IPv6 address, as a connection takes it. */
export const guestAddress = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.:-]{0,252}$/u, 'a name or an IP address')

/**
 * One thing a way needs. `yours`: it lies in the guest, in a cable or with a person, and this program cannot look
 * there.
 */
const need = z.strictObject({
  text: z.string(),
  state: z.enum(['ok', 'missing', 'unknown', 'yours']),
  /** The step that gives what is missing; null: none does. */
  step: stepId.nullable(),
})
export type Need = z.infer<typeof need>

const seeingOption = z.strictObject({
  id: displayMethod,
  title: z.string(),
  text: z.string(),
  needs: z.array(need),
  /** TCP port of the guest that has to answer; null: nothing goes over the network. */
  port: z.number().int().nullable(),
})
export type SeeingOption = z.infer<typeof seeingOption>

/** What step 9 shows of display and input before the VM starts; null for the proof guest, which needs neither. */
export const displayView = z.strictObject({
  options: z.array(seeingOption),
  decided: z.strictObject({ id: displayMethod, reason: z.string() }).nullable(),
  /** Connectors of the card; `seenAt` null: they can be read now. */
  connectors: z.array(z.strictObject({ name: z.string(), connected: z.boolean() })),
  connectorsSeenAt: z.string().nullable(),
  /** Who types into the guest, each way in a sentence; empty: nobody can. */
  typing: z.array(z.string()),
})
export type DisplayView = z.infer<typeof displayView>

/** Whether the guest's port answered just now. `unknown`: it could not be asked, and why is in the text. */
export const guestReach = z.strictObject({
  state: z.enum(['answers', 'refused', 'silent', 'unknown']),
  text: z.string(),
  address: z.string().nullable(),
  at: z.string(),
})
export type GuestReach = z.infer<typeof guestReach>
