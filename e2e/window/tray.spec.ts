import { join } from 'node:path'
import { env } from 'node:process'
import { expect, test } from '@playwright/test'
import { AttachedVm, canAttach } from '../qemu/attached-vm.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS, openStudio } from './launch.ts'
import { ConsolePage } from './pages/console-page.ts'
import { DefinitionPage } from './pages/definition-page.ts'
import { walkPaper } from './pages/paper-walk.ts'
import { TrayWatcher } from './tray-watcher.ts'

test('the tray shows a VM’s state, opens its console, and starts, shuts down and forces it off', async () => {
  test.skip(env['DBUS_SESSION_BUS_ADDRESS'] === undefined, 'needs a session bus: run by npm test')
  const tray = new TrayWatcher()
  await tray.start()
  const studio = await openStudio('paper')
  const labels = async () => (await tray.menu()).filter((item) => item.enabled).map((item) => item.label)
  const status = async () => (await tray.menu())[0]?.label
  await walkPaper(studio)
  await expect.poll(status).toBe('VM "designer": running (simulated)')
  const running = await tray.icon()
  expect(await tray.tooltip()).toContain('VM "designer": running (simulated)')
  expect(await labels()).toEqual([
    ...['Open console', 'Shut down', 'Reset…', 'Force off…', 'Open Passthrough Studio', 'Quit (a running VM goes on)'],
  ])
  await tray.click('Open console')
  await studio.waitForText('Simulated: no guest really runs.')
  await studio.camera.take(join(ARTIFACTS, 'console-practice.png'))
  await tray.click('Shut down')
  await expect.poll(status).toBe('VM "designer": off (simulated)')
  await studio.waitForText('The VM is off.')
  await expect.poll(() => tray.icon()).not.toBe(running)
  expect(await labels()).toEqual(['Start the VM', 'Open Passthrough Studio', 'Quit (a running VM goes on)'])
  await tray.click('Start the VM')
  await expect.poll(status).toBe('VM "designer": running (simulated)')
  await studio.desktop.answerQuestions(0)
  await tray.click('Force off…')
  await expect.poll(() => studio.desktop.questions()).toBe(1)
  await studio.desktop.answerQuestions(1)
  expect(await status()).toBe('VM "designer": running (simulated)')
  await tray.click('Force off…')
  await expect.poll(status).toBe('VM "designer": off (simulated)')
  await drivesTwo(studio, tray)
  expect(studio.complaints).toEqual([])
  await studio.close()
  tray.stop()
})

/** A second VM: each has a submenu, and starting one selects it and keeps to the gates of step 9. */
async function drivesTwo(studio: StudioWindow, tray: TrayWatcher): Promise<void> {
  const entries = async () => {
    const several = (await tray.menu()).filter(({ items }) => items.length > 0)
    return several.map(({ label, items }) => [
      label,
      ...items.filter(({ enabled }) => enabled).map((item) => item.label),
    ])
  }
  const off = await tray.icon()
  const definition = await new DefinitionPage(studio).open()
  await definition.addVm('win')
  await definition.writeProofGuest()
  await expect.poll(entries).toEqual([
    ['VM "designer": off (simulated)', 'Start the VM'],
    ['VM "win": off (simulated)', 'Start the VM'],
  ])
  await tray.click('VM "designer"', 'Start the VM')
  await studio.rail.waitForVm('designer')
  const running = ['VM "designer": running (simulated)', 'Open console', 'Shut down', 'Reset…', 'Force off…']
  await expect.poll(entries).toEqual([running, ['VM "win": off (simulated)', 'Start the VM']])
  await expect.poll(() => tray.icon()).not.toBe(off)
  await tray.click('VM "win"', 'Start the VM')
  await studio.waitForText('The VM "designer" is up and has 04:00.0 and 04:00.1.')
  await expect.poll(async () => (await entries())[1]).toEqual(['VM "win": off (simulated)', 'Start the VM'])
  await tray.click('VM "designer"', 'Shut down')
  await expect.poll(async () => (await entries())[0]?.[0]).toBe('VM "designer": off (simulated)')
  await tray.click('VM "win"', 'Start the VM')
  await expect.poll(async () => (await entries())[1]?.[0]).toBe('VM "win": running (simulated)')
  await definition.open()
  await studio.rail.switchVm('designer')
  await tray.click('VM "win"', 'Open console')
  await studio.waitForText('Simulated: no guest really runs.')
  await studio.rail.waitForVm('win')
}

test('the tray says why a VM was killed, and quitting the app leaves a running VM alone', async () => {
  test.skip(env['DBUS_SESSION_BUS_ADDRESS'] === undefined || !canAttach, 'needs a session bus and root')
  const vm = new AttachedVm()
  const tray = new TrayWatcher()
  await tray.start()
  try {
    const config = await vm.start()
    await vm.resume()
    const studio = await openStudio('real', { XDG_CONFIG_HOME: config })
    const words = async () => (await tray.menu()).map((item) => item.label)
    await expect.poll(words).toContain(`VM "${vm.name}": running`)
    await studio.close()
    expect(await vm.running()).toBe(true)
    const again = await openStudio('real', { XDG_CONFIG_HOME: config })
    await expect.poll(words).toContain(`VM "${vm.name}": running`)
    await tray.click('Open console')
    await new ConsolePage(again).waitUntilConnected()
    await vm.kill()
    await expect.poll(words, { timeout: 30_000 }).toContain(`VM "${vm.name}": needs attention`)
    expect((await words())[1]).toMatch(/^Somebody on the host killed QEMU/u)
    expect(await tray.tooltip()).toContain('Somebody on the host killed QEMU')
    await again.close()
  } finally {
    tray.stop()
    await vm.remove()
  }
})
