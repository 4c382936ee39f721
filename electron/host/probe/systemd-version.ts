import type { Reader, Tool, ToolResult } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { toolText } from '../exec/tool-text.ts'
import { beforeRecorded } from './listed.ts'

/** A host or a system: both list and run tools. */
interface Runner extends Pick<Reader, 'list'> {
  run(tool: Tool, args: readonly string[]): Promise<ToolResult | null>
}

/** Returns the version in `systemd 252 (252.39-1)`; null: another init runs here (sd_booted(3)). */
export async function systemdVersion(runner: Runner): Promise<OrUnknown<number | null>> {
  if ((await runner.list('/run/systemd/system')).kind !== 'names') return null
  const said = await beforeRecorded(() => toolText(runner, 'systemctl', ['--version']), null)
  if (isUnknown(said)) return said
  const version = /^systemd (\d+)/u.exec(said ?? '')?.[1]
  return version === undefined ? unknownBecause('systemctl does not tell its version') : Number(version)
}
