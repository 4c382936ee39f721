import { z } from 'zod'

/** Groups of a report's parts, in the order they are shown. */
export const PART_GROUPS = ['yours', 'commands', 'files', 'kernel', 'names'] as const
const partGroup = z.enum(PART_GROUPS)
export type PartGroup = z.infer<typeof partGroup>

/** One part of a report as a person looks through it. `bytes` of its redacted text. */
const reportPart = z.strictObject({
  id: z.number().int(),
  group: partGroup,
  title: z.string(),
  bytes: z.number().int(),
})
export type ReportPart = z.infer<typeof reportPart>

/** What a report holds and what was replaced in it: how many different values of each kind. */
export const reportView = z.strictObject({
  bytes: z.number().int(),
  replaced: z.record(z.string(), z.number().int()),
  parts: z.array(reportPart),
})
export type ReportView = z.infer<typeof reportView>

const KINDS: Readonly<Record<string, string>> = {
  host: 'host name',
  user: 'user name',
  uuid: 'UUID',
  uuidValue: 'filesystem id',
  diskId: 'disk id',
  serial: 'serial number',
  mac: 'MAC address',
  ip4: 'IP address',
  ip6: 'IPv6 address',
  ip6Table: 'IPv6 address',
  machineId: 'machine id',
  hardware: 'hardware address',
  pairs: 'hardware address',
  account: 'service account',
  server: 'server',
  domain: 'domain',
  email: 'e-mail address',
  phone: 'telephone number',
  label: 'label',
  secret: 'secret',
  sum: 'checksum',
  word: 'word',
  foreignWord: 'word',
}

/** `1 host name, 2 UUIDs`; `nothing` when nothing had to be replaced. */
export function replacedWords(replaced: ReportView['replaced']): string {
  const words = new Map<string, number>()
  for (const [kind, count] of Object.entries(replaced)) {
    const noun = KINDS[kind] ?? kind
    words.set(noun, (words.get(noun) ?? 0) + count)
  }
  return [...words].map(([noun, count]) => counted(count, noun)).join(', ') || 'nothing'
}

function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  return `${count} ${noun}${noun.endsWith('s') ? 'es' : 's'}`
}
