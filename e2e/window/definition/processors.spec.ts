import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from '../axe.ts'
import { ARTIFACTS } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'processors')
const FIELD = 'Processors of the host'

test('step 8 says which processors a VM has and why, and takes others', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  const page = await new DefinitionPage(studio).open()
  await page.pickUse(/^Linux/u)
  await studio.form.unfold(/^Processors and memory: pinned/u)
  await studio.waitForText('Empty: 2-13,16-27. 12 whole cores; QEMU’s own threads keep to 0-1,14-15.')

  await studio.form.fill(FIELD, 'the last four')
  await studio.waitForText('Write it as 2-7,10-15: numbers and ranges of processors.')
  await studio.form.fill(FIELD, '10-13,40')
  await studio.waitForText(/^The VM cannot have the processors 10-13,40\. This host has no processor 40, or it is/u)
  await studio.form.fill(FIELD, '10-13, 24-27')
  await studio.waitForText('4 whole cores, as you chose; QEMU’s own threads keep to 0-9,14-23.')
  for (const [scheme, width, height] of [
    ['light', 1280, 800],
    ['dark', 1024, 640],
  ] as const) {
    await studio.desktop.resize(width, height)
    await studio.camera.setScheme(scheme)
    await studio.page.getByLabel(FIELD).scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `processors-${scheme}-${width}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await studio.page
    .getByText(/taskset -p -c 10,24,11,25,12,26,13,27/u)
    .first()
    .waitFor({ state: 'attached' })
})
