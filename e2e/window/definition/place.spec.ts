import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'place')

test('a directory for a new image is judged as it is typed, and the image is planned in it', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  const page = await new DefinitionPage(studio).open()
  await page.pickUse(/^Windows 10/u)

  await studio.form.fill('Directory', '/srv/my vms')
  await studio.waitForText(/has only letters, digits and \. _ \+ @ - between its slashes/u)
  await studio.form.fill('Directory', '/etc/vms')
  await studio.waitForText(/the system itself lives there; name a directory for data/u)
  await studio.form.fill('Directory', '/srv/nowhere/')
  await studio.waitForText('/srv/nowhere is not there.')
  await studio.form.fill('Directory', '/srv/vms')
  await studio.waitForText(/^The image is made at \/srv\/vms\/passthrough-studio\/designer\/disk\.qcow2/u)

  await studio.press('Add a new image')
  await studio.form.fill('Disk 2: directory', '/srv/nowhere')
  await studio.waitForText('/srv/nowhere is not there.')
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.page.getByRole('textbox', { name: 'Directory', exact: true }).scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `field-${scheme}.png`))
    await studio.page.getByRole('group', { name: 'More disks' }).scrollIntoViewIfNeeded()
    await studio.camera.take(join(PICTURES, `more-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await studio.form.fill('Disk 2: directory', '')
  await page.step.apply(/^Write \d files, create the disk/u)
})
