import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'shared-folders')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test('a directory of the host is shared with the guest, checked as its user finds it', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  const page = await new DefinitionPage(studio).open()
  await page.pickUse(/^Linux/u)
  await studio.form.unfold(/^Shared folders/u)
  await studio.press('Share a folder')
  await studio.form.fill('Folder 1: directory of this host', '/srv/none')
  await studio.waitForText(/^\/srv\/none cannot be shared/u)
  await studio.form.fill('Folder 1: directory of this host', '/srv/plans')
  await studio.form.fill('Folder 1: tag', 'no blank')
  await studio.waitForText(/a tag has 1 to 36 of/u)
  await studio.form.fill('Folder 1: tag', 'plans')
  await studio.waitForText('The guest has /srv/plans as plans.')
  await studio.form.untick(/^Folder 1: read only/u)
  for (const [width, height] of SIZES)
    for (const scheme of ['light', 'dark'] as const) {
      await studio.page.setViewportSize({ width, height })
      await studio.camera.setScheme(scheme)
      await studio.page.getByRole('group', { name: 'Folder 1' }).scrollIntoViewIfNeeded()
      await studio.camera.leaveTooltip()
      await studio.camera.take(join(PICTURES, `folder-${scheme}-${width}.png`))
    }
  await studio.waitForText(/mount -t virtiofs plans \/mnt/u)
  expect(await violations(studio.page)).toEqual([])
  await studio.press('Leave out folder 1')
  await expect(studio.page.getByRole('group', { name: 'Folder 1' })).toHaveCount(0)
})
