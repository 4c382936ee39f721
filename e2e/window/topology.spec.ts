import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { recordingOf } from '#host/simulated/description.ts'
import { largeServer } from '../hosts/large-server.ts'
import { descriptionOf, readMachineFiles } from '../hosts/machine.ts'
import type { MachineFile } from '../hosts/machine-file.ts'
import { violations } from './axe.ts'
import { EvidencePanel } from './frame/evidence-panel.ts'
import type { StudioWindow } from './frame/studio-window.ts'
import { ARTIFACTS, openStudio } from './launch.ts'
import { BindPage } from './pages/bind-page.ts'
import { DriversPage } from './pages/drivers-page.ts'
import { confirmBind, walkToReboot } from './pages/paper-walk.ts'
import { TopologyPage } from './pages/topology-page.ts'
import { test } from './window-test.ts'

const PICTURES = join(ARTIFACTS, 'topology')
const SIZES = [
  [1280, 800],
  [1024, 640],
] as const

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

/** Opens a window on a recording of this machine, which is written to the directory. */
async function openRecorded(file: MachineFile | undefined, directory: string): Promise<StudioWindow> {
  if (file === undefined) throw new RangeError('there is no such machine')
  await writeFile(join(directory, 'host.json'), JSON.stringify(recordingOf(descriptionOf(file))))
  return openStudio(`dir:${directory}`)
}

/** Pictures in both themes and sizes; each theme without an accessibility violation. */
async function lookAt(studio: StudioWindow, title: string, name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await studio.camera.setScheme(scheme)
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      await studio.rail.open(title)
      await studio.camera.take(join(PICTURES, `${scheme}-${width}-${name}.png`))
    }
    await expectAccessible(studio)
  }
}

async function expectAccessible(studio: StudioWindow): Promise<void> {
  expect(await violations(studio.page)).toEqual([])
}

test('the topology is walked by keyboard, zoomed, saved, and follows the card to vfio-pci', async () => {
  const studio = await openStudio('paper')
  const picture = await new TopologyPage(studio).open()
  await studio.waitForText('There are no IOMMU groups: the IOMMU is off. Step 1 says why.')
  await walkToReboot(studio)
  await picture.open()
  await expect(picture.items()).toHaveCount(15)
  await lookAt(studio, 'Topology', 'paper')

  await test.step('arrow keys lead to parent, child and sibling, Enter to the evidence', async () => {
    await picture.enter()
    expect(await picture.focused()).toMatch(/^04:00\.0 Quadro M4000, .*driver nouveau, IOMMU group 20, chosen card$/u)
    await picture.key('ArrowDown')
    expect(await picture.focused()).toMatch(/^04:00\.1 .*goes along with 04:00\.0$/u)
    await picture.key('ArrowLeft')
    expect(await picture.focused()).toMatch(/^00:03\.0 .*root port/u)
    await picture.key('ArrowUp')
    expect(await picture.focused()).toMatch(/^00:01\.0/u)
    await picture.key('ArrowDown', 'ArrowRight', 'Enter')
    await studio.waitForText('lspci -D -nnvvk -s 0000:04:00.0')
    await new EvidencePanel(studio).close()
  })

  await test.step('keys and the wheel zoom', async () => {
    await picture.enter()
    await picture.key('0')
    expect(await picture.zoom()).toBe(100)
    await picture.key('+')
    expect(await picture.zoom()).toBe(120)
    await picture.key('-', '-')
    expect(await picture.zoom()).toBe(83)
    await picture.turnWheel('in')
    await expect.poll(() => picture.zoom()).toBe(100)
    await picture.key('+', '+', '+')
    expect(await picture.drag(-60, -40)).toEqual([60, 40])
  })

  await test.step('the picture is saved as SVG and as PNG', async () => {
    const svg = join(PICTURES, 'saved.svg')
    await picture.saveAs('SVG', svg)
    const text = await readFile(svg, 'utf8')
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/u)
    expect(text).toContain('Quadro M4000')
    expect(text).not.toMatch(/role=|tabindex=|class=/u)
    const png = join(PICTURES, 'saved.png')
    await picture.saveAs('PNG', png)
    const [, wide = '0', high = '0'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/u.exec(text) ?? []
    const bytes = await readFile(png)
    // Width and height are the first two numbers of the IHDR chunk (PNG specification, 11.2.2).
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([
      Math.round(Number(wide) * 2),
      Math.round(Number(high) * 2),
    ])
  })

  await test.step('topology and drivers show the bound card', async () => {
    const drivers = await new DriversPage(studio).open()
    await lookAt(studio, 'Drivers', 'drivers-before')
    const [gpu = ''] = await drivers.rows()
    expect(gpu).toMatch(/04:00\.0.*nouveau.*As today.*vfio-pci.*override vfio-pci.*Our rule binds it by address/su)
    await drivers.showEvidenceAfterBind('04:00.0')
    await studio.waitForText('claim 0000:04:00.0 0x10de 0x13f1')
    await new EvidencePanel(studio).close()
    await studio.press('Go to step 5')
    await confirmBind(new BindPage(studio))
    await picture.open()
    await expect(picture.item('04:00.0')).toHaveAccessibleName(/driver vfio-pci/u)
    await drivers.open()
    await studio.waitForText('Step 5 has nothing left to change.')
    await studio.camera.take(join(PICTURES, 'drivers-after.png'))
  })
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('a server of 400 functions is folded to its cards, and unfolds', async ({ temporaryDirectory }) => {
  const studio = await openRecorded(largeServer(400), await temporaryDirectory())
  const picture = await new TopologyPage(studio).open()
  await expect(picture.item('11:00.0')).toBeVisible()
  expect(await picture.items().count()).toBeLessThan(40)
  await studio.camera.take(join(PICTURES, 'large.png'))
  await expectAccessible(studio)
  await picture.item('22 functions').first().press('ArrowRight')
  expect(await picture.focused()).toMatch(/^11:01\.1 /u)
  await studio.press('Unfold all')
  await expect(picture.items()).toHaveCount(400)
  await studio.press('Fit')
  await studio.camera.take(join(PICTURES, 'large-unfolded.png'))
  await studio.press('Fold')
  expect(await picture.items().count()).toBeLessThan(40)
  await new DriversPage(studio).open()
  await studio.waitForText('No card is chosen yet.')
  await studio.press('Go to step 4')
  expect(await studio.title()).toBe('4 Cards')
  expect(studio.complaints).toEqual([])
  await studio.close()
})

test('what blocks a card is marked, with the reason', async ({ temporaryDirectory }) => {
  const file = readMachineFiles().find(({ name }) => name === 'b450-gtx1060-chipset-slot')
  const studio = await openRecorded(file, await temporaryDirectory())
  const picture = await new TopologyPage(studio).open()
  await expect(picture.item('03:00.0')).toBeVisible()
  expect(await picture.blockers()).toContainEqual(expect.stringMatching(/the host needs it: .*mounted from it/u))
  await studio.camera.take(join(PICTURES, 'blockers.png'))
  await expectAccessible(studio)
  expect(studio.complaints).toEqual([])
  await studio.close()
})
