import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { ARTIFACTS } from './launch.ts'
import { BindPage } from './pages/bind-page.ts'
import { CardsPage } from './pages/cards-page.ts'
import { DefinitionPage } from './pages/definition-page.ts'
import { LaunchPage } from './pages/launch-page.ts'
import { walkToReboot } from './pages/paper-walk.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'units')
const SIZES = [
  [1280, 800],
  [1024, 640],
  [1920, 1080],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

test('a card and a further device are reserved, bound, taken by one VM, and one is dropped', async ({ studio }) => {
  await walkToReboot(studio)
  const cards = await new CardsPage(studio).open()
  await expect(cards.unit('04:00.0')).toBeChecked()
  await cards.openFurther()
  await cards.reserve('05:00.0')
  await studio.waitForText(/^Quadro M4000 at 04:00\.0 can be handed over/u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.camera.leaveTooltip()
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      await studio.camera.take(join(PICTURES, `${scheme}-${width}-cards.png`))
    }
    await studio.desktop.resize(1280, 800)
    expect(await violations(studio.page)).toEqual([])
  }
  const bind = await new BindPage(studio).open()
  await bind.confirmWith('04:00.0')
  await bind.step.apply('Bind 5 functions, write 4 files and rebuild initramfs')
  const definition = await new DefinitionPage(studio).open()
  await studio.form.tick(/^05:00\.0 /u)
  await studio.camera.take(join(PICTURES, 'dark-1280-definition.png'))
  expect(await violations(studio.page)).toEqual([])
  await definition.writeProofGuest()
  await (await new LaunchPage(studio).open()).startAndProve()
  await studio.waitForText(/reports all 5 functions of Quadro M4000 and Teradici/u)
  await studio.press('Shut down')
  await studio.waitForText('Start the VM')
  await cards.open()
  await cards.openFurther()
  await cards.drop('05:00.0')
  await bind.open()
  await studio.waitForText(/^05:00\.0 is not reserved any more, but still kept from the host\./u)
  await studio.camera.take(join(PICTURES, 'dark-1280-give-back.png'))
  await bind.step.apply('Give 3 functions back, write 1 file and rebuild initramfs')
})

test('how a card is kept for VMs is chosen from three ways, by keyboard too', async ({ studio }) => {
  await walkToReboot(studio)
  const cards = await new CardsPage(studio).open()
  await cards.keep('04:00.0', 'Only while its VM runs')
  await studio.waitForText('The host has it before and after.')
  await new BindPage(studio).open()
  await studio.waitForText(/Its VM takes it at its start; nothing is bound here\./u)
})
