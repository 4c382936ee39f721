import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { StepPage } from '../pages/step-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'forwards')

test('a port of the host leads to the guest once it was added in step 7, checked as it is typed', async ({
  studio,
}) => {
  await mkdir(PICTURES, { recursive: true })
  await new StepPage(studio, 'Network').open()
  await studio.press('Add a port')
  await studio.press('Add a port')
  const second = studio.page.getByRole('group', { name: 'Port 13390' })
  await second.getByRole('textbox', { name: 'On this host' }).fill('13389')
  await second.getByRole('textbox', { name: 'In the guest' }).focus()
  await studio.waitForText('one port of this host cannot lead to two of the guest')
  await second.getByRole('textbox', { name: 'On this host' }).fill('2222')
  await second.getByRole('textbox', { name: 'In the guest' }).focus()
  const changed = studio.page.getByRole('group', { name: 'Port 2222' })
  await changed.getByRole('textbox', { name: 'In the guest' }).fill('22')
  await changed.getByRole('textbox', { name: 'On this host' }).focus()
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `step-7-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Leave out port 13389')
  await expect(studio.page.getByRole('group', { name: 'Port 13389' })).toHaveCount(0)
  await expect(changed).toHaveCount(1)
})
