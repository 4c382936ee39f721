import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { recordingOf } from '#host/simulated/description.ts'
import { largeServer } from '../hosts/large-server.ts'
import { descriptionOf } from '../hosts/machine.ts'
import { violations } from './axe.ts'
import { type Stop, walkByTab } from './focus-walk.ts'
import { EvidencePanel } from './frame/evidence-panel.ts'
import { ARTIFACTS, openStudio } from './launch.ts'
import { DevicesPage } from './pages/devices-page.ts'
import { test } from './window-test.ts'

const NARROW = 1024
const SIZES = [
  [1280, 800],
  [NARROW, 640],
] as const

/** Pictures of every page, to be looked at. */
const PICTURES = join(ARTIFACTS, 'pages')

test.beforeAll(() => mkdir(PICTURES, { recursive: true }))

/** Whatever is wider than its place and would scroll sideways, except what is made to: text and tables in boxes of their own. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
    const boxes = Array.from(document.querySelectorAll('body, main, nav, header, footer, [role="dialog"]'))
    return [document.documentElement, ...boxes]
      .filter(
        (element) => element.scrollWidth > element.clientWidth && (scrolls(element) || element.matches('html, body')),
      )
      .map((element) => `${element.tagName}: ${element.scrollWidth} in ${element.clientWidth}`)
  })
}

/** One main part, one title, and headings that leave out no level. */
async function outline(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const count = (selector: string) => document.querySelectorAll(selector).length
    const wrong = ['main', 'nav', 'header', 'footer', 'h1'].filter((name) => count(name) !== 1)
    const levels = Array.from(document.querySelectorAll('main :is(h1, h2, h3, h4)')).map((each) =>
      Number(each.tagName[1]),
    )
    const jumps = levels.filter((level, index) => level - (levels[index - 1] ?? 0) > 1)
    return [...wrong.map((name) => `${count(name)} x ${name}`), ...jumps.map((level) => `h${level} after a gap`)]
  })
}

for (const scheme of ['light', 'dark'] as const) {
  test(`every page in ${scheme} passes axe, fits its width, and has landmarks and headings`, async ({ studio }) => {
    await studio.camera.setScheme(scheme)
    const pages = await studio.rail.titles()
    expect(pages.length).toBeGreaterThan(9)
    for (const [width, height] of SIZES) {
      await studio.desktop.resize(width, height)
      for (const title of pages) {
        await studio.rail.open(title)
        await studio.camera.take(join(PICTURES, `${scheme}-${width}-${title.toLowerCase()}.png`))
        const where = `${title} at ${width}`
        // What axe looks at is the same at both sizes, and it takes its time.
        if (width === NARROW) expect.soft(await violations(studio.page), where).toEqual([])
        expect.soft(await tooWide(studio.page), where).toEqual([])
        expect.soft(await outline(studio.page), where).toEqual([])
      }
    }
  })

  test(`every page in ${scheme} is walked by Tab in reading order, with a visible focus`, async ({ studio }) => {
    await studio.camera.setScheme(scheme)
    await studio.desktop.resize(1024, 640)
    for (const title of await studio.rail.titles()) {
      await studio.rail.open(title)
      const { missed, stops } = await walkByTab(studio.page)
      expect(stops.length, title).toBeGreaterThan(9)
      expect.soft(missed, `${title}: not reached by keyboard`).toEqual([])
      expect.soft(unseen(stops), `${title}: focus cannot be seen`).toEqual([])
      expect.soft(outOfOrder(stops), `${title}: not in the order of the page`).toEqual([])
    }
  })
}

test('arrow keys walk the devices, Enter opens one, and Escape leads back to it', async ({ studio }) => {
  const devices = await new DevicesPage(studio).open()
  const evidence = new EvidencePanel(studio)
  await devices.enter()
  await studio.pressKey('ArrowDown')
  await studio.pressKey('ArrowDown')
  await expect(devices.address('00:01.0')).toBeFocused()
  await studio.pressKey('Enter')
  await evidence.closeButton().waitFor()
  await studio.pressKey('Tab')
  await expect(evidence.closeButton()).toBeFocused()
  await studio.pressKey('Escape')
  await expect(devices.address('00:01.0')).toBeFocused()
})

test('the table of devices has all 400 rows of a large server', async ({ temporaryDirectory }) => {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'host.json'), JSON.stringify(recordingOf(descriptionOf(largeServer(400)))))
  const large = await openStudio(`dir:${directory}`)
  const devices = await new DevicesPage(large).open()
  await large.waitForText('400 PCI functions as the kernel sees them now.')
  await devices.enter()
  await large.pressKey('ArrowDown')
  await large.pressKey('Control+End')
  await expect(devices.rows().last()).toHaveAttribute('aria-rowindex', '401')
  expect(large.complaints).toEqual([])
  await large.close()
})

const unseen = (stops: readonly Stop[]) => stops.filter(({ seen }) => !seen).map(({ name }) => name)

/** Stops that come later by Tab than something that stands after them in the document. */
function outOfOrder(stops: readonly Stop[]): string[] {
  return stops.filter(({ place }, index) => place < (stops[index - 1]?.place ?? -1)).map(({ name }) => name)
}
