import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { JOURNAL_FILE, OWN_FILES } from '#shared/base/own-files.ts'
import { violations } from './axe.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS, openStudio } from './launch.ts'
import { JournalPage } from './pages/journal-page.ts'
import { walkToChanges } from './pages/paper-walk.ts'
import { StepPage } from './pages/step-page.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'way-back')
const SIZES = [
  [1280, 800],
  [1024, 640],
  [1920, 1080],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

/** Pictures of the window as it is in both themes and all sizes, and what axe finds wrong with each theme. */
async function looks(studio: StudioWindow, name: string, reach?: () => Promise<void>): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await reach?.()
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      await studio.camera.takeStill(join(PICTURES, `${name}-${scheme}-${width}.png`))
    }
    await studio.desktop.resize(1280, 800)
    expect.soft(await violations(studio.page), `${name} in ${scheme}`).toEqual([])
    if (reach !== undefined) await studio.question.dismiss()
  }
}

test('a change that cannot be taken back is listed with its reason, and can be left as it is', async ({
  temporaryDirectory,
}) => {
  const scene = join(await temporaryDirectory(), 'scene.json')
  await writeFile(scene, '{}')
  const studio = await openStudio(`paper:${scene}`)
  await walkToChanges(studio)
  await writeFile(scene, JSON.stringify({ immutable: [OWN_FILES.grubDefaults] }))
  const journal = await new JournalPage(studio).open()
  await journal.undoWhatCanBe()
  const [left, ...more] = await journal.leftRows()
  expect(more).toEqual([])
  expect(left).toContain(`Change ${OWN_FILES.grubDefaults}`)
  expect(left).toContain('cannot be written: it is not allowed')
  expect(left).toContain('chattr -i')
  expect((await journal.rows()).every((row) => row.includes('taken back'))).toBe(true)
  await looks(studio, 'left-over')

  await studio.rail.open('Boot')
  await studio.waitForText(`Not taken back: Change ${OWN_FILES.grubDefaults}.`)
  await looks(studio, 'left-over-told')
  await studio.press('See the journal')
  expect(await studio.title()).toBe('Journal')

  const ask = () => journal.askToLeave(`Change ${OWN_FILES.grubDefaults}`)
  await looks(studio, 'leave-question', ask)
  await ask()
  const { text, focused } = await studio.question.read()
  expect(text).toContain('Neither undo nor the rescue script takes it back any more.')
  expect(focused).toBe('Not now')
  await studio.pressKey('Enter')
  await studio.question.waitUntilGone()
  expect(await journal.leftRows()).toHaveLength(1)
  await ask()
  await studio.question.answer('Leave it as it is')
  await studio.waitForText(`Left as it is: Change ${OWN_FILES.grubDefaults}. Undo does not take it back any more.`)
  await expect(journal.leftTable()).toHaveCount(0)
  expect(await journal.rows()).toContainEqual(expect.stringMatching(/default\/grub\s+left as it is/u))
  await studio.rail.open('Boot')
  await expect(studio.page.getByText('Not taken back')).toHaveCount(0)
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('a damaged journal bars changes until it is set aside, which is asked first', async ({ temporaryDirectory }) => {
  const scene = join(await temporaryDirectory(), 'scene.json')
  await writeFile(
    scene,
    JSON.stringify({ files: { [JOURNAL_FILE]: 'damaged\n{"kind":"audited","tx":"m0-boot-1"}\n' } }),
  )
  const studio = await openStudio(`paper:${scene}`)
  const boot = await new StepPage(studio, 'Boot').open()
  await studio.waitForText('Line 1 of the journal is damaged.')
  await expect(boot.applyButton(/^Write 3 files/u)).toBeDisabled()
  await looks(studio, 'barred')
  await studio.press('See the journal')
  await studio.waitForText('Line 2 of the journal is not understood')
  await studio.waitForText('No change can be read from it. That does not mean that there was none.')
  await looks(studio, 'damaged')

  const journal = new JournalPage(studio)
  await looks(studio, 'aside-question', () => journal.askToSetAside())
  await journal.askToSetAside()
  const { text, focused, answers } = await studio.question.read()
  expect(text).toContain('Undo does not take back any more what the damaged lines are about.')
  expect(text).toContain('Nothing is deleted')
  expect(answers).toEqual(['Keep it in place', 'Set it aside'])
  expect(focused).toBe('Keep it in place')
  await studio.pressKey('Enter')
  await studio.question.waitUntilGone()
  await studio.waitForText('Line 1 of the journal is damaged.')
  await journal.askToSetAside()
  await studio.question.answer('Set it aside')
  await studio.waitForText(/The journal was set aside in \/var\/lib\/passthrough-studio\/set-aside-/u)
  await studio.waitForText('The journal holds no change.')
  await looks(studio, 'set-aside')

  await boot.open()
  await boot.apply(/^Write 3 files/u, 'after-reboot')
  expect(await (await journal.open()).rows()).toHaveLength(5)
  expect(studio.complaints).toEqual([])
  await studio.close()
})
