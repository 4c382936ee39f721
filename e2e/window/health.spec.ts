import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { ARTIFACTS } from './launch.ts'
import { walkPaper } from './pages/paper-walk.ts'
import type { StudioWindow } from './pages/studio-window.ts'
import { test } from './paper-test.ts'

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
      await studio.setScheme(scheme)
      await studio.resize(width, height)
      await studio.goTo(title)
      await studio.picture(join(PICTURES, `${scheme}-${width}-${name}.png`))
      expect(await violations(studio.page)).toEqual([])
    }
  }
}

test('health: nothing to compare with, then unchanged, then what changed and the step it leads to', async ({
  studio,
}) => {
  await studio.goTo('Health')
  expect(await studio.verdict()).toBe('unknown')
  await studio.waitForText('No guest has proven the card on this host yet')
  await looks(studio, 'Health', 'unproven', SMALL)
  await studio.resize(1280, 800)
  await walkPaper(studio)
  await studio.goTo('Health')
  expect(await studio.verdict()).toBe('ok')
  expect(await studio.rows('Compared with the last known good')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^The kernel\s+3\.10\.0.*the same/su)]),
  )
  await looks(studio, 'Health', 'same', SMALL)
  await studio.goTo('VM')
  await studio.press('Shut down')
  await studio.waitForText(/^off/u)
  await studio.goTo('Boot')
  await studio.press(/^Undo step/u)
  await studio.waitForText('Taken back.')
  await studio.press('Reboot')
  await studio.waitUntilIdle()
  await studio.goTo('Health')
  await studio.waitForText('Kernel arguments differ: intel_iommu=on is gone.')
  await looks(studio, 'Health', 'changed')
  await studio.press('Go to step 3')
  expect(await studio.title()).toBe('3 Boot')
})

test('report: made, looked through and saved in the window, and replayed by the command line', async ({ studio }) => {
  await studio.goTo('Report')
  await looks(studio, 'Report', 'no-report', SMALL)
  await studio.resize(1280, 800)
  await studio.press('Make a report')
  await studio.waitForText(/Replaced: 1 host name, 1 user name/u)
  await studio.fill('Search', 'passwd')
  await studio.press(/etc\/passwd/u)
  await expect(studio.page.getByRole('region', { name: '/etc/passwd' })).toContainText('user1:x:1000:1000::/home/user1')
  await studio.fill('Search', '')
  await studio.press(/default\/grub/u)
  await looks(studio, 'Report', 'report')
  const saved = join(await mkdtemp(join(tmpdir(), 'studio-report-')), 'report.json')
  await studio.answerSaveDialog(saved)
  await studio.press('Save the report…')
  await studio.waitForText(`Saved to ${saved}`)
  const text = await readFile(saved, 'utf8')
  expect(text).not.toContain('ws-07')
  expect(JSON.parse(text)).toMatchObject({ saved: { choices: { definition: { name: 'user1' } } } })
})
