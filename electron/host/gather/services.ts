import type { Host } from '#host/host.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { systemdVersion } from '#host/probe/systemd-version.ts'
import { POLKIT_RULES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'

/** Gathers whether a VM can be a service of this host, and whether its user can be let start it without a password. */
export async function gatherServices(host: Host): Promise<Facts['services']> {
  const rules = await beforeRecorded(() => host.list(POLKIT_RULES), { kind: 'absent' as const })
  return { systemd: await systemdVersion(host), polkitRules: rules.kind !== 'absent' }
}
