import type { System } from '../../shared/host/system.ts'

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
