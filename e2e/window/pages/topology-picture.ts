import type { Locator, Page } from 'playwright'

/** The picture of the Topology panel, as one who sees it or walks it by keyboard would speak of it. */
export class TopologyPicture {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
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
