import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { earlyScript } from '#core/texts/early-bind.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { violations } from '../axe.ts'
import { ARTIFACTS, openStudio } from '../launch.ts'
import { StepPage } from '../pages/step-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'generator')
const SIZES = [
  [1024, 640],
  [1280, 800],
] as const
const TOLD = /The rule of step 5 was written for initramfs-tools; this host now builds its initramfs with dracut/u

test('another initramfs generator than the rule was written for is told in Health', async ({ temporaryDirectory }) => {
  await mkdir(PICTURES, { recursive: true })
  const functions = [{ address: '0000:04:00.0', vendorId: '10de', deviceId: '13f1', way: null }]
  const files = { [OWN_FILES.initramfsInitTop]: earlyScript(functions) }
  const scene = join(await temporaryDirectory(), 'scene.json')
  await writeFile(scene, JSON.stringify({ files }))
  const studio = await openStudio(`paper:${scene}`)
  await studio.rail.open('Health')
  await studio.waitForText(TOLD)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      await studio.camera.takeStill(join(PICTURES, `health-${scheme}-${width}.png`))
    }
  }
  expect(await violations(studio.page)).toEqual([])
  await new StepPage(studio, 'Bind').open()
  await studio.waitForText(TOLD)
  await studio.close()
})
