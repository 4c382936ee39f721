import { expect, test as base } from '@playwright/test'
import { openStudio } from './launch.ts'
import type { StudioWindow } from './pages/studio-window.ts'

/** A test with a window of its own on the simulated workstation, which must end without a complaint. */
export const test = base.extend<{ studio: StudioWindow }>({
  // Playwright reads from the parameters which fixtures this one needs: none.
  // eslint-disable-next-line no-empty-pattern
  studio: async ({}, use) => {
    const studio = await openStudio('paper')
    await use(studio)
    expect(studio.complaints).toEqual([])
    await studio.close()
  },
})
