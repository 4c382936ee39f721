import { env } from 'node:process'
import { expect, test } from '@playwright/test'
import { walkPaper } from '../pages/paper-walk.ts'
import { openStudio } from './launch.ts'
import { TrayWatcher } from './tray-watcher.ts'

test('the tray shows the VM’s state, and shuts it down and starts it again', async () => {
  test.skip(env['DBUS_SESSION_BUS_ADDRESS'] === undefined, 'needs a session bus: run by npm test')
  const tray = new TrayWatcher()
  await tray.start()
  const studio = await openStudio('paper')
  const labels = async () => (await tray.menu()).filter((item) => item.enabled).map((item) => item.label)
  const status = async () => (await tray.menu())[0]?.label
  await walkPaper(studio)
  await expect.poll(status).toBe('VM "designer": running (simulated)')
  expect(await labels()).toEqual(['Shut down', 'Force off', 'Open Passthrough Studio', 'Quit (a running VM goes on)'])
  await tray.click('Shut down')
  await expect.poll(status).toBe('VM "designer": off (simulated)')
  await tray.click('Start the VM')
  await expect.poll(status).toBe('VM "designer": running (simulated)')
  await studio.close()
  tray.stop()
})
