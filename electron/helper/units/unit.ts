import type { System } from '#shared/base/system.ts'

/**
 * Whether a unit of systemd's runs. One that is still at what is run after its end is waited for; one that was started
 * meanwhile is left alone.
 */
export async function unitRuns(system: System, unit: string): Promise<boolean> {
  const asked = () => system.run('systemctl', ['is-active', unit], () => undefined)
  const { exitCode, stdout } = await asked()
  if (stdout.trim() !== 'deactivating') return exitCode === 0
  // To stop what stops already only waits for it (systemctl(1)).
  await system.run('systemctl', ['stop', unit], () => undefined)
  return (await asked()).exitCode === 0
}

/** systemd's version, e.g. 252; 0 where it does not tell. */
async function systemdVersion(system: System): Promise<number> {
  const { stdout } = await system.run('systemctl', ['--version'], () => undefined)
  return Number(/^systemd (\d+)/u.exec(stdout)?.[1] ?? 0)
}

/**
 * The type that lets systemd-run wait until the program was really executed, and say why it was not (systemd.service(5),
 * since 240). An older systemd calls a unit started that never ran.
 */
export async function execType(system: System): Promise<string[]> {
  return (await systemdVersion(system)) >= 240 ? ['--service-type=exec'] : []
}
