import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { type Runner, toolText } from '../exec/tool-text.ts'
import { beforeRecorded } from './listed.ts'

/** Returns the version in `systemd 252 (252.39-1)`; null: another init runs here (sd_booted(3)). */
export async function systemdVersion(runner: Runner & Pick<Reader, 'list'>): Promise<OrUnknown<number | null>> {
  if ((await runner.list('/run/systemd/system')).kind !== 'names') return null
  const said = await beforeRecorded(() => toolText(runner, 'systemctl', ['--version']), null)
  if (isUnknown(said)) return said
  const version = /^systemd (\d+)/u.exec(said ?? '')?.[1]
  return version === undefined ? unknownBecause('systemctl does not tell its version') : Number(version)
}
