import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { ConsolePage } from '../pages/console-page.ts'
import type { StudioWindow } from '../pages/studio-window.ts'
import { AttachedVm, canAttach } from '../vm/attached-vm.ts'
import { ARTIFACTS, openStudio } from './launch.ts'

const PICTURES = join(ARTIFACTS, 'console')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test.skip(!canAttach, 'puts a VM where the helper puts one, which takes root: run by npm test')
test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

const vm = new AttachedVm()
test.afterEach(() => vm.remove())

async function pictures(studio: StudioWindow, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of SIZES) {
      await studio.setScheme(scheme)
      await studio.resize(width, height)
      await studio.page.mouse.move(width / 2, 20)
      await studio.picture(join(PICTURES, `${scheme}-${width}-${name}.png`))
    }
  }
  const { violations } = await new AxeBuilder({ page: studio.page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

test('a real guest’s screen: paused, seen, typed in, left, saved, ended, and connected again', async () => {
  const studio = await openStudio('real', { XDG_CONFIG_HOME: await vm.start() })
  const console_ = new ConsolePage(studio)
  await console_.open()
  await studio.waitForText('The VM is paused before its first instruction')
  await pictures(studio, 'paused')
  await vm.resume()
  await expect.poll(() => console_.lit()).toBeGreaterThan(2000)
  await expect(studio.page.getByText('The VM is paused before')).toHaveCount(0)
  await pictures(studio, 'bios')

  await console_.clickPicture()
  await studio.waitForText('The keyboard is in the guest.')
  await console_.type('hello 7')
  await expect.poll(() => vm.serial()).toContain('hello 7')
  await studio.picture(join(PICTURES, 'typed.png'))
  await console_.leaveByKeys()
  await studio.waitForText('Connected. Click the picture')
  await console_.type('nobody')
  await studio.press('Type in the guest')
  await console_.type('.')
  await expect.poll(() => vm.serial()).toContain('hello 7.')
  await studio.press('Give keyboard back')
  await studio.waitForText('Connected. Click the picture')

  const saved = join(PICTURES, 'screenshot.png')
  await studio.answerSaveDialog(saved)
  await studio.press('Screenshot…')
  await studio.waitForText(`Saved to ${saved}`)
  expect((await readFile(saved)).subarray(1, 4).toString()).toBe('PNG')

  await studio.goTo('VM')
  await console_.open()
  await expect.poll(() => console_.lit()).toBeGreaterThan(2000)
  await vm.quit()
  await studio.waitForText(/The screen is not connected|The VM is off/u)
  await studio.waitForText('The VM is off')
  await pictures(studio, 'off')
  // noVNC reads its canvas back when the guest changes its mode; Chrome advises against doing so often.
  expect(studio.complaints.filter((text) => !text.startsWith('Canvas2D: Multiple readback'))).toEqual([])
  await studio.close()
})
