import type { Page } from 'playwright'

/** Takes pictures of the window, in either theme. */
export class Camera {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async setScheme(scheme: 'light' | 'dark'): Promise<void> {
    const button = this.page.getByRole('button', { name: `Switch to ${scheme}` })
    if ((await button.count()) > 0) await button.click()
  }

  async take(path: string): Promise<void> {
    await this.page.screenshot({ path })
  }

  /** Takes the whole of the page, as if the window were tall enough for it. */
  async takeWhole(path: string): Promise<void> {
    const { width, height } = await this.page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
    await this.page.setViewportSize({ width, height: 2200 })
    await this.take(path)
    await this.page.setViewportSize({ width, height })
  }

  /** Takes a picture without anything that moves, hovers or blinks. */
  async takeStill(path: string): Promise<void> {
    await this.leaveTooltip()
    await this.page.evaluate(() => {
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
      return Promise.all(ending.map(({ finished }) => finished))
    })
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  }

  /** Moves the pointer where nothing has a tooltip, and waits until the last one is gone. */
  async leaveTooltip(): Promise<void> {
    await this.page.mouse.move(640, 2)
    await this.page.getByRole('tooltip').waitFor({ state: 'detached' })
  }
}
