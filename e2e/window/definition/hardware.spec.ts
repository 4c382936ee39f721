import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { definitionText } from '#core/definition/definition.ts'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { violations } from '../axe.ts'
import { ARTIFACTS, openStudio } from '../launch.ts'
import { DefinitionPage } from '../pages/definition-page.ts'
import { test } from '../window-test.ts'

const PICTURES = join(ARTIFACTS, 'hardware')

test('a VM of a QEMU that is gone is told so, and updated only once somebody says so', async ({
  temporaryDirectory,
}) => {
  await mkdir(PICTURES, { recursive: true })
  const { definition: vm } = situationOf(await paperFacts(), DEFAULT_CHOICES)
  if (vm === null) throw new Error('the paper has a VM')
  const scene = join(await temporaryDirectory(), 'scene.json')
  const files = { [vmPaths(vm.name).definition]: definitionText({ ...vm, machine: 'pc-q35-rhel7.3.0' }) }
  await writeFile(scene, JSON.stringify({ files }))
  const studio = await openStudio(`paper:${scene}`)
  const page = await new DefinitionPage(studio).open()
  await studio.waitForText('This QEMU has no pc-q35-rhel7.3.0 any more, which the VM was made with.')
  await studio.form.unfold(/^Hardware/u)
  await studio.waitForText(/^Machine type: pc-q35-rhel7\.3\.0 becomes q35\./u)
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    await studio.page.getByText(/^Machine type: /u).scrollIntoViewIfNeeded()
    await studio.camera.takeStill(join(PICTURES, `offered-${scheme}.png`))
  }
  expect(await violations(studio.page)).toEqual([])
  await studio.form.tick(/^Update the VM’s hardware/u)
  await studio.waitForText(/^The VM keeps the hardware it was made with: q35\./u)
  await studio.camera.takeWhole(join(PICTURES, 'taken.png'))
  await page.step.apply(/^Write \d files and build the proof guest/u)
  await studio.close()
})
