import { z } from 'zod'
import { isUnknown, type OrUnknown, orUnknown } from '../base/unknown.ts'

export const services = z.strictObject({
  /** systemd's version; null: it does not run here. */
  systemd: orUnknown(z.number().int().nullable()),
  /** polkit reads rules from /etc/polkit-1/rules.d. */
  polkitRules: z.boolean(),
})

/** The first systemd that runs a part of a unit with full privileges (systemd.service(5), `+`). */
const WITH_PARTS_OF_ROOT = 231

/** Why a VM cannot be a service of this host; null: it can. A systemd that does not tell its version is new enough. */
export function noService(systemd: OrUnknown<number | null>): string | null {
  if (isUnknown(systemd)) return null
  if (systemd === null) return 'systemd does not run here.'
  if (systemd >= WITH_PARTS_OF_ROOT) return null
  return `systemd ${systemd} is too old: from ${WITH_PARTS_OF_ROOT} on a VM is a service of the host.`
}

/** Why each start asks an administrator; null: the VM's user needs nobody for it. */
export function asksForPassword({ systemd, polkitRules }: z.infer<typeof services>): string | null {
  return noService(systemd) ?? (polkitRules ? null : 'polkit takes no rules here; it does from version 0.106 on.')
}
