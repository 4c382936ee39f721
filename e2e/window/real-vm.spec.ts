import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { AttachedVm, canAttach } from '../qemu/attached-vm.ts'
import { violations } from './axe.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS, openStudio } from './launch.ts'
import { ConsolePage } from './pages/console-page.ts'
import { VmPage } from './pages/vm-page.ts'

const PICTURES = join(ARTIFACTS, 'real-vm')
const LOOKS = [
  ['light', 1280, 800],
  ['dark', 1024, 640],
] as const

test.skip(!canAttach, 'puts a VM where the helper puts one, which takes root: run by npm test')
test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

const vm = new AttachedVm()
test.afterEach(() => vm.remove())

async function pictures(studio: StudioWindow, name: string): Promise<void> {
  for (const [scheme, width, height] of LOOKS) {
    await studio.camera.setScheme(scheme)
    await studio.desktop.resize(width, height)
    await studio.camera.take(join(PICTURES, `${scheme}-${width}-${name}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
}

test('the console shows a real guest, takes keys, gives them back and saves a picture', async () => {
  const studio = await openStudio('real', { XDG_CONFIG_HOME: await vm.start() })
  const console_ = await new ConsolePage(studio).open()
  await studio.waitForText('The VM is paused before its first instruction')
  await studio.camera.take(join(PICTURES, 'paused.png'))
  await vm.resume()
  await expect.poll(() => console_.lit()).toBeGreaterThan(2000)
  await expect(studio.page.getByText('The VM is paused before')).toHaveCount(0)
  await pictures(studio, 'bios')

  await console_.clickPicture()
  await studio.waitForText('The keyboard is in the guest.')
  await console_.type('hello 7')
  await expect.poll(() => vm.serial()).toContain('hello 7')
  await studio.camera.take(join(PICTURES, 'typed.png'))
  await console_.leaveByKeys()
  await console_.waitUntilConnected()
  await console_.type('nobody')
  await studio.press('Type in the guest')
  await console_.type('.')
  await expect.poll(() => vm.serial()).toContain('hello 7.')
  await studio.press('Give keyboard back')
  await console_.waitUntilConnected()

  const saved = join(PICTURES, 'screenshot.png')
  await console_.saveScreenshot(saved)
  expect((await readFile(saved)).subarray(1, 4).toString()).toBe('PNG')

  await studio.rail.open('VM')
  await console_.open()
  await expect.poll(() => console_.lit()).toBeGreaterThan(2000)
  await vm.quit()
  await studio.waitForText(/The screen is not connected|The VM is off/u)
  await studio.waitForText('The VM is off')
  // noVNC reads its canvas back when the guest changes its mode; Chrome advises against doing so often.
  expect(studio.complaints.filter((text) => !text.startsWith('Canvas2D: Multiple readback'))).toEqual([])
  await studio.close()
})

test('a SPICE viewer opened by a button shows a real VM, and outlives the app', async () => {
  const studio = await openStudio('real', { XDG_CONFIG_HOME: await vm.start({ spice: true }) })
  await vm.resume()
  await studio.rail.open('VM')
  await studio.waitForButton('Open SPICE viewer')
  expect(await vm.spiceChannels()).toBe(0)
  await studio.press('Open SPICE viewer')
  // Main channel, display, pointer and inputs.
  await expect.poll(() => vm.spiceChannels()).toBeGreaterThanOrEqual(4)
  await pictures(studio, 'spice')
  expect(await studio.notice.problem()).toBeNull()
  await studio.close()
  expect(await vm.spiceChannels()).toBeGreaterThanOrEqual(4)
  await vm.quit()
})

const SAID = 'qemu-system-x86_64: terminating on signal 15 from pid 1 (systemd)\n'

test('the VM page shows uptime, use, pinning and QEMU’s messages of a real VM', async () => {
  const config = await vm.start()
  await vm.resume()
  const studio = await openStudio('real', { XDG_CONFIG_HOME: config })
  const page = await new VmPage(studio).open()
  await studio.waitForText(/^running.*Since \d/u)
  await studio.waitForText(/^Not pinned: each of the 2 vCPUs/u)
  await expect(page.chart('2 vCPUs')).toContainText(/\d+ %/u)
  await expect(page.chart('Memory of 256 MiB')).toContainText(/[1-9]\d* MiB/u)
  await expect(page.chart('Disk')).toContainText('read 0.0 MiB/s, written 0.0 MiB/s')
  await studio.waitForText('Not counted: QEMU keeps no count of its private network.')
  await vm.pin()
  await studio.waitForText('Pinned: each of the 2 vCPUs has a thread of the host to itself.')
  await appendFile(vm.paths.log, SAID)
  await studio.rail.open('Journal')
  await studio.rail.open('VM')
  await pictures(studio, 'panel')
  await studio.camera.takeWhole(join(PICTURES, 'panel-whole.png'))
  await studio.press('Explain')
  await studio.waitForText(/^Read \d+ lines? of the pasted text/u)
  await studio.rail.open('VM')
  await studio.press('Open console')
  await new ConsolePage(studio).waitUntilConnected()
  expect(studio.complaints.filter((text) => !text.startsWith('Canvas2D: Multiple readback'))).toEqual([])
  await studio.close()
})
