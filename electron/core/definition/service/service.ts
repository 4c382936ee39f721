import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Topic } from '../topic.ts'

/** The first systemd that runs a part of a unit with full privileges (systemd.service(5), `+`). */
const WITH_PARTS_OF_ROOT = 231
/** The first that names unit and verb to polkit, so that a rule can tell them apart. */
const NAMES_UNITS = 226

export const service: Topic<'service'> = {
  define: ({ choices: { definition } }) => ({
    stopSeconds: definition.stopSeconds,
    autostart: definition.autostart,
    hostSleep: definition.hostSleep,
  }),
  view: ({ facts }) => ({ serviceBlocked: noService(facts), startAsks: asksForPassword(facts) }),
  choicesOf: ({ stopSeconds, autostart, hostSleep }) => ({ stopSeconds, autostart, hostSleep }),
  argv: {},
}

/** Why a VM cannot be a service of this host; null: it can. A systemd that does not tell its version is new enough. */
export function noService({ services: { systemd } }: Pick<Facts, 'services'>): string | null {
  if (isUnknown(systemd)) return null
  if (systemd === null) return 'systemd does not run here.'
  if (systemd >= WITH_PARTS_OF_ROOT) return null
  return `systemd ${systemd} is too old: from ${WITH_PARTS_OF_ROOT} on a VM is a service of the host.`
}

/** Why each start asks an administrator; null: the VM's user needs nobody for it. */
export function asksForPassword(facts: Pick<Facts, 'services'>): string | null {
  const no = noService(facts)
  if (no !== null) return no
  const { systemd, polkitRules } = facts.services
  if (!polkitRules) return 'polkit takes no rules here; it does from version 0.106 on.'
  return !isUnknown(systemd) && systemd !== null && systemd < NAMES_UNITS ? 'systemd is too old.' : null
}
