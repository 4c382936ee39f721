import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { violations } from './axe.ts'
import { ARTIFACTS } from './launch.ts'
import { CardsPage } from './pages/cards-page.ts'
import { DefinitionPage } from './pages/definition-page.ts'
import { LaunchPage } from './pages/launch-page.ts'
import { walkToReboot } from './pages/paper-walk.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'at-start')

test('the host’s only card is the VM’s while it runs, and what that means is said before', async ({ studio }) => {
  await mkdir(PICTURES, { recursive: true })
  await walkToReboot(studio)
  const cards = await new CardsPage(studio).open()
  await cards.keep('04:00.0', 'Only while its VM runs')

  const definition = await new DefinitionPage(studio).open()
  await definition.stopAtStart(/^Stop display-manager\.service/u)
  await definition.comeBackAfter('after 5 minutes')
  expect(await violations(studio.page)).toEqual([])
  await studio.camera.takeWhole(join(PICTURES, 'definition.png'))
  await definition.step.apply('Write 5 files and build the proof guest')

  const launch = await new LaunchPage(studio).open()
  await studio.waitForText(/is taken at the start and given back at the end\. display-manager\.service is stopped/u)
  await studio.waitForText(/only screen goes dark when the VM starts/u)
  await studio.waitForText(/^No server for SSH listens/u)
  await studio.camera.takeWhole(join(PICTURES, 'launch.png'))
  await studio.press('Start the VM')
  await studio.waitForText(/^A simulated guest reports all 2 functions of Quadro M4000/u)
  expect(await launch.functionsSeen()).toHaveLength(2)
})
