import { expect, test } from '@playwright/test'
import { violations } from './axe.ts'
import { openStudio } from './launch.ts'
import { AboutPage } from './pages/about-page.ts'

const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test('About shows version, origin, and every byte that installing the helper would write', async () => {
  const studio = await openStudio('real')
  const about = await new AboutPage(studio).open()
  await studio.waitForText('a checkout')
  const rows = await about.helperFiles()
  expect(rows.map((row) => row.split(/\s/u)[0])).toEqual(
    expect.arrayContaining(['/opt/passthrough-studio/helper.cjs', '/opt/passthrough-studio/helper']),
  )
  await about.unfoldScript()
  await studio.waitForText('sha256sum --check')
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    // The button's tooltip hangs in no landmark.
    await studio.camera.leaveTooltip()
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      expect(await violations(studio.page), `${scheme} at ${width}`).toEqual([])
      const overflow = await studio.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBe(0)
    }
  }
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('About is about this computer also while the simulated workstation is open', async () => {
  const studio = await openStudio('paper')
  await new AboutPage(studio).open()
  await studio.waitForText('a checkout')
  await studio.waitForText(/^In force\s*nothing$/u)
  await studio.close()
})
