import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS } from './launch.ts'
import { HealthPage } from './pages/health-page.ts'
import { walkPaper } from './pages/paper-walk.ts'
import { ReportPage } from './pages/report-page.ts'
import { StepPage } from './pages/step-page.ts'
import { VmPage } from './pages/vm-page.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'health')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

const SMALL = SIZES.slice(1)

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

/** Pictures of the open page in both themes and sizes, and what axe finds wrong with each. */
async function looks(
  studio: StudioWindow,
  title: string,
  name: string,
  sizes: readonly (readonly [number, number])[] = SIZES,
): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of sizes) {
      await studio.camera.setScheme(scheme)
      await studio.desktop.resize(width, height)
      await studio.rail.open(title)
      await studio.camera.take(join(PICTURES, `${scheme}-${width}-${name}.png`))
      expect(await violations(studio.page)).toEqual([])
    }
  }
}

test('Health compares nothing before a proof, then finds no change, then the change and its step', async ({
  studio,
}) => {
  const health = await new HealthPage(studio).open()
  expect(await studio.verdict.word()).toBe('unknown')
  await studio.waitForText('No guest has proven the card on this host yet')
  await looks(studio, 'Health', 'unproven', SMALL)
  await studio.desktop.resize(1280, 800)
  await walkPaper(studio)
  await health.open()
  expect(await studio.verdict.word()).toBe('ok')
  expect(await health.comparison()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^The kernel\s+3\.10\.0.*the same/su)]),
  )
  await looks(studio, 'Health', 'same', SMALL)
  await (await new VmPage(studio).open()).shutDown()
  await (await new StepPage(studio, 'Boot').open()).undo()
  await studio.notice.waitUntilTakenBack()
  await studio.press('Reboot')
  await studio.notice.waitUntilIdle()
  await health.open()
  await studio.waitForText('Kernel arguments differ: intel_iommu=on is gone.')
  await looks(studio, 'Health', 'changed')
  await studio.press('Go to step 3')
  expect(await studio.title()).toBe('3 Boot')
})

test('a report is made, read and saved in the window', async ({ studio, temporaryDirectory }) => {
  const report = await new ReportPage(studio).open()
  await looks(studio, 'Report', 'no-report', SMALL)
  await studio.desktop.resize(1280, 800)
  await report.make()
  await studio.waitForText(/Replaced: 1 host name, 1 user name/u)
  await report.search('passwd')
  await report.show(/etc\/passwd/u)
  await expect(report.file('/etc/passwd')).toContainText('user1:x:1000:1000:-:/home/user1')
  await report.search('')
  await report.show(/default\/grub/u)
  await looks(studio, 'Report', 'report')
  const saved = join(await temporaryDirectory(), 'report.json')
  await report.save(saved)
  const text = await readFile(saved, 'utf8')
  expect(text).not.toContain('ws-07')
  expect(JSON.parse(text)).toMatchObject({ saved: { choices: { definition: { name: 'user1' } } } })
})
