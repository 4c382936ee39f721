import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { StudioWindow } from '../window/frame/studio-window.ts'
import { openStudio } from '../window/launch.ts'
import { DiagnosePage } from '../window/pages/diagnose-page.ts'
import { bindCard, startMachine, walkToReboot } from '../window/pages/paper-walk.ts'

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
  const diagnose = new DiagnosePage(studio)
  await diagnose.explain(text)
  await studio.waitForText('What to do')
  await expect(diagnose.explainButton()).toBeEnabled()
}

/** The same pictures whenever they are taken: every time is written as this one. */
async function stopClock(studio: StudioWindow): Promise<void> {
  await studio.page.evaluate(() => {
    Date.prototype.toLocaleDateString = () => '1/15/2026'
    Date.prototype.toLocaleTimeString = () => '10:30:00 AM'
    Date.prototype.toLocaleString = () => '1/15/2026, 10:30:00 AM'
  })
}

test('the tour of the simulated workstation takes the pictures of README and docs', async () => {
  const studio = await openStudio('paper')
  await stopClock(studio)
  await studio.desktop.resize(1280, 800)
  const wanted = STAGES.flatMap(({ screens }) => screens.map(({ page }) => page))
  expect(await studio.rail.titles(), 'the rail leads to every page of the tour').toEqual(expect.arrayContaining(wanted))
  for (const { reach, screens } of STAGES) {
    await reach(studio)
    await studio.notice.waitUntilIdle()
    for (const { page, file, show } of screens) {
      await studio.rail.open(page)
      await show?.(studio)
      for (const scheme of ['light', 'dark'] as const) {
        await studio.camera.setScheme(scheme)
        await studio.camera.takeStill(join(PICTURES, `${file}-${scheme}.png`))
      }
    }
  }
  expect(studio.complaints).toEqual([])
  await studio.close()
})
