import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '@playwright/test'
import type { StudioWindow } from './frame/studio-window.ts'
import { openStudio } from './launch.ts'

interface Given {
  /** A window of its own on the simulated workstation, which must end without a complaint. */
  studio: StudioWindow
  /** Makes an empty directory, which goes when the test ends. */
  temporaryDirectory: () => Promise<string>
}

// Playwright reads from the parameters which fixtures a fixture needs: none.
/* eslint-disable no-empty-pattern */
export const test = base.extend<Given>({
  studio: async ({}, use) => {
    const studio = await openStudio('paper')
    await use(studio)
    expect(studio.complaints).toEqual([])
    await studio.close()
  },
  temporaryDirectory: async ({}, use) => {
    const made: string[] = []
    await use(async () => {
      const directory = await mkdtemp(join(tmpdir(), 'studio-test-'))
      made.push(directory)
      return directory
    })
    // A window's own processes write there until each of them has ended, shortly after the window.
    for (const directory of made) await rm(directory, { recursive: true, force: true, maxRetries: 50 })
  },
})
