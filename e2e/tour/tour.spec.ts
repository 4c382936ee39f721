import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { openStudio } from '../window/launch.ts'
import { bindCard, startMachine, walkToReboot } from '../window/pages/paper-walk.ts'
import type { StudioWindow } from '../window/pages/studio-window.ts'

const PICTURES = join(import.meta.dirname, '../../docs/pictures')

/** A page of the rail, the file its pictures are named after, and what is done on it before they are taken. */
interface Screen {
  page: string
  file: string
  show?: (studio: StudioWindow) => Promise<void>
}

const FAILED = '[   88.123456] vfio-pci 0000:04:00.0: probe with driver vfio-pci failed with error -22'

/** The way through the simulated workstation, and what is shown of it on the way. A picture more is a line more. */
const STAGES: readonly { reach: (studio: StudioWindow) => Promise<void>; screens: readonly Screen[] }[] = [
  {
    reach: () => Promise.resolve(),
    screens: [
      { page: 'Boot', file: 'boot' },
      { page: 'Diagnose', file: 'diagnose', show: (studio) => explained(studio, FAILED) },
    ],
  },
  {
    reach: walkToReboot,
    screens: [
      { page: 'Cards', file: 'card' },
      { page: 'Topology', file: 'topology' },
      { page: 'Drivers', file: 'drivers' },
    ],
  },
  {
    reach: async (studio) => {
      await bindCard(studio)
      await startMachine(studio)
    },
    screens: [
      { page: 'Launch', file: 'launch' },
      { page: 'Devices', file: 'devices' },
      { page: 'VM', file: 'vm' },
      { page: 'Health', file: 'health' },
    ],
  },
]

async function explained(studio: StudioWindow, text: string): Promise<void> {
  await studio.fill('Error or log', text)
  await studio.press('Explain this text')
  await studio.waitForText('What to do')
  await expect(studio.page.getByRole('button', { name: 'Explain this text' })).toBeEnabled()
}

/** The same pictures whenever they are taken: every time is written as this one. */
async function stopClock(studio: StudioWindow): Promise<void> {
  await studio.page.evaluate(() => {
    Date.prototype.toLocaleDateString = () => '1/15/2026'
    Date.prototype.toLocaleTimeString = () => '10:30:00 AM'
    Date.prototype.toLocaleString = () => '1/15/2026, 10:30:00 AM'
  })
}

test('the tour of the simulated workstation, for the pictures in README and docs', async () => {
  const studio = await openStudio('paper')
  await stopClock(studio)
  await studio.resize(1280, 800)
  const wanted = STAGES.flatMap(({ screens }) => screens.map(({ page }) => page))
  expect(await studio.pages(), 'the rail leads to every page of the tour').toEqual(expect.arrayContaining(wanted))
  for (const { reach, screens } of STAGES) {
    await reach(studio)
    await studio.waitUntilIdle()
    for (const { page, file, show } of screens) {
      await studio.goTo(page)
      await show?.(studio)
      for (const scheme of ['light', 'dark'] as const) {
        await studio.setScheme(scheme)
        await studio.stillPicture(join(PICTURES, `${file}-${scheme}.png`))
      }
    }
  }
  expect(studio.complaints).toEqual([])
  await studio.close()
})
