import { toolText } from '#host/exec/tool-text.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System, Tool } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'

/** Null: the tool did it; else why not, in its own words where it has any. For what a VM can start without. */
export async function refusal(system: System, tool: Tool, args: readonly string[]): Promise<string | null> {
  try {
    await system.run(tool, args)
    return null
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown
    return thrown.problem.detail ?? thrown.problem.message
  }
}

/**
 * Whether a unit of systemd's runs. One that is still at what is run after its end is waited for; one that was started
 * meanwhile is left alone.
 */
export async function unitRuns(system: System, unit: string): Promise<boolean> {
  // 3: it is there and does not run; 4: there is no such unit (systemctl(1), exit status).
  const asked = () => system.run('systemctl', ['is-active', unit], { expect: [0, 3, 4] })
  const { exitCode, stdout } = await asked()
  if (/^(?:activating|reloading)$/u.test(stdout.trim())) return true
  if (stdout.trim() !== 'deactivating') return exitCode === 0
  // To stop what stops already only waits for it (systemctl(1)).
  await system.run('systemctl', ['stop', unit], { expect: 'any' })
  return (await asked()).exitCode === 0
}

/** systemd's version, e.g. 252; 0 where it does not tell. */
async function systemdVersion(system: System): Promise<number> {
  const said = await toolText(system, 'systemctl', ['--version'])
  return isUnknown(said) ? 0 : Number(/^systemd (\d+)/u.exec(said ?? '')?.[1] ?? 0)
}

/**
 * The type that lets systemd-run wait until the program was really executed, and say why it was not (systemd.service(5),
 * since 240). An older systemd calls a unit started that never ran.
 */
export async function execType(system: System): Promise<string[]> {
  return (await systemdVersion(system)) >= 240 ? ['--service-type=exec'] : []
}
