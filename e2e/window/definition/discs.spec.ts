import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { walkToBound } from '../pages/paper-walk.ts'
import { VmPage } from '../pages/vm-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'discs')
const IMAGES = '/var/lib/nova/gpu'

test('a disc is ejected and exchanged while the VM is up, and the guest reset', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  await walkToBound(studio)
  const definition = await new DefinitionPage(studio).open()
  await definition.pickUse(/^Windows 10/u)
  await studio.form.fill('Installation disc (ISO)', `${IMAGES}/windows.iso`)
  await definition.step.apply(/^Write \d files/u)
  await new VmPage(studio).open()
  await studio.press('Start the VM')
  const disc = studio.page.getByRole('form', { name: 'Installation disc' })
  await expect(disc).toContainText(`${IMAGES}/windows.iso`)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await disc.scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `up-${scheme}.png`))
    expect(await violations(studio.page)).toEqual([])
  }
  await disc.getByRole('button', { name: 'Eject' }).click()
  await expect(disc).toContainText('the drive is empty')
  await disc.getByRole('textbox').fill('windows.iso')
  await expect(disc).toContainText('A path begins with a slash.')
  await disc.getByRole('textbox').fill(`${IMAGES}/other.iso`)
  await disc.getByRole('button', { name: 'Put in' }).click()
  await expect(disc).toContainText(`${IMAGES}/other.iso`)
  await studio.press('Reset…')
  const { text, focused } = await studio.question.read()
  expect(text).toContain('Unsaved work in it is lost')
  expect(focused).toBe('Keep it running')
  await studio.question.answer('Reset')
  await studio.waitForText(/^Simulated: no guest really runs/u)
})
