import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'nics')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test('a VM gets a network card of another kind, and is without it once it was left out', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  const page = await new DefinitionPage(studio).open()
  await page.pickUse(/^Linux/u)
  await studio.form.unfold(/^Network cards/u)
  await studio.press('Add a network card')
  await studio.form.choose('Network card 2: kind', 'e1000e')
  await studio.waitForText('NAT inside QEMU; nobody reaches the guest by it.')
  await studio.press('Add a network card')
  for (const [width, height] of SIZES)
    for (const scheme of ['light', 'dark'] as const) {
      await studio.page.setViewportSize({ width, height })
      await studio.camera.setScheme(scheme)
      await studio.page.getByRole('group', { name: 'Network card 2' }).scrollIntoViewIfNeeded()
      await studio.camera.leaveTooltip()
      await studio.camera.take(join(PICTURES, `cards-${scheme}-${width}.png`))
    }
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Leave out network card 3')
  await expect(studio.page.getByRole('group', { name: 'Network card 3' })).toHaveCount(0)
  await studio.waitForText(/Network cards: 2: virtio, e1000e/u)
})
