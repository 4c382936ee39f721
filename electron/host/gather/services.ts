import { toolText } from '#host/exec/tool-text.ts'
import type { Host } from '#host/host.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { POLKIT_RULES } from '#shared/base/own-files.ts'
import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'

/** Gathers whether a VM can be a service of this host, and whether its user can be let start it without a password. */
export async function gatherServices(host: Host): Promise<Facts['services']> {
  const rules = await beforeRecorded(() => host.list(POLKIT_RULES), { kind: 'absent' as const })
  return { systemd: await systemdVersion(host), polkitRules: rules.kind !== 'absent' }
}

/** `systemd 252 (252.39-1)`; null: another init runs here (sd_booted(3)). */
async function systemdVersion(host: Host): Promise<Facts['services']['systemd']> {
  if ((await host.list('/run/systemd/system')).kind !== 'names') return null
  const said = await beforeRecorded(() => toolText(host, 'systemctl', ['--version']), null)
  if (isUnknown(said)) return said
  const version = /^systemd (\d+)/u.exec(said ?? '')?.[1]
  return version === undefined ? unknownBecause('systemctl does not tell its version') : Number(version)
}
