import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { violations } from '../axe.ts'
import { ARTIFACTS, openStudio } from '../launch.ts'
import { StepPage } from '../pages/step-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'boot-arguments')
const EARLIER = 'quiet iommu=off vfio-pci.ids=10de:13f1'

test('arguments of an earlier guide are found in step 3, ticked, and taken out with a diff', async ({
  temporaryDirectory,
}) => {
  await mkdir(PICTURES, { recursive: true })
  const places = Object.entries(PAPER_WORKSTATION.files).filter(([, text]) => /\bquiet\b/u.test(text))
  const files = Object.fromEntries(places.map(([path, text]) => [path, text.replaceAll(/\bquiet\b/gu, EARLIER)]))
  const scene = join(await temporaryDirectory(), 'scene.json')
  await writeFile(scene, JSON.stringify({ files }))
  const studio = await openStudio(`paper:${scene}`)
  const step = new StepPage(studio, 'Boot')
  await step.open()
  await studio.waitForText(/^vfio-pci\.ids=10de:13f1 on the command line keeps every device of these ids/u)
  await studio.form.tick(/^Take out vfio-pci\.ids=10de:13f1/u)
  await studio.waitForText(/^Takes out|takes out/u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.page.getByText(/^Take out vfio/u).scrollIntoViewIfNeeded()
    await studio.camera.leaveTooltip()
    await studio.camera.take(join(PICTURES, `step-3-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await step.apply(/^Write \d files, rebuild initramfs/u, 'after-reboot')
  await studio.close()
})
