import type { Locator, Page } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'

/** The picture of bridges and functions, seen, walked by keyboard and saved. */
export class TopologyPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  private get page(): Page {
    return this.studio.page
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Topology')
    return this
  }

  /** Saves the picture where the desktop's dialog is answered with this path. */
  async saveAs(kind: 'SVG' | 'PNG', path: string): Promise<void> {
    await this.studio.desktop.answerSaveDialog(path)
    await this.studio.press(`Save as ${kind}…`)
    await this.studio.waitForText(`Saved to ${path}.`)
  }

  /** A function or a fold, by how its description begins, e.g. `04:00.0`. */
  item(beginning: string): Locator {
    return this.page.getByRole('treeitem', { name: new RegExp(`^${beginning.replaceAll('.', '\\.')}`, 'u') })
  }

  items(): Locator {
    return this.page.getByRole('treeitem')
  }

  /** Descriptions of everything that is edged in red. */
  async blockers(): Promise<string[]> {
    const red = this.page.locator('[data-mark="blocker"]')
    return red.evaluateAll((all) => all.map((item) => item.getAttribute('aria-label') ?? ''))
  }

  /** Puts the focus where Tab would lead. */
  async enter(): Promise<void> {
    await this.page.locator('[role="treeitem"][tabindex="0"]').focus()
  }

  async key(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Description of what has the focus. */
  async focused(): Promise<string> {
    return (await this.page.locator(':focus').getAttribute('aria-label')) ?? ''
  }

  /** The zoom in per cent, as its button says. */
  async zoom(): Promise<number> {
    return Number.parseInt(await this.page.getByRole('button', { name: 'Zoom to full size' }).innerText(), 10)
  }

  /** Turns the wheel by one notch with Ctrl held, over the middle of the picture. */
  async turnWheel(towards: 'in' | 'out'): Promise<void> {
    await this.page.locator('[data-viewer]').hover()
    await this.page.keyboard.down('Control')
    await this.page.mouse.wheel(0, towards === 'in' ? -100 : 100)
    await this.page.keyboard.up('Control')
  }

  /** From its beginning, drags the picture by its empty left edge; gives how far it then is scrolled. */
  async drag(right: number, down: number): Promise<[left: number, top: number]> {
    const viewer = this.page.locator('[data-viewer]')
    const box = await viewer.boundingBox()
    if (box === null) throw new RangeError('the picture is not shown')
    await viewer.evaluate((element) => element.scrollTo(0, 0))
    const [x, y] = [box.x + 8, box.y + box.height / 2]
    await this.page.mouse.move(x, y)
    await this.page.mouse.down()
    await this.page.mouse.move(x + right, y + down, { steps: 4 })
    await this.page.mouse.up()
    return viewer.evaluate((element) => [element.scrollLeft, element.scrollTop] as [number, number])
  }
}
