import type { System } from '#shared/base/system.ts'

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
