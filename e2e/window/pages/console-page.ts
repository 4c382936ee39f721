import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'

/** The console as a user sees and uses it. */
export class ConsolePage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Console')
    return this
  }

  private picture(): Locator {
    return this.studio.page.getByRole('group', { name: 'Screen of the guest' }).locator('canvas')
  }

  /** How many pixels of the guest's picture are not black. */
  async lit(): Promise<number> {
    return this.picture().evaluate((shown) => {
      const { width, height } = shown as HTMLCanvasElement
      const copy = Object.assign(document.createElement('canvas'), { width, height })
      const pen = copy.getContext('2d', { willReadFrequently: true })
      pen?.drawImage(shown as HTMLCanvasElement, 0, 0)
      const data = pen?.getImageData(0, 0, width, height).data ?? []
      let count = 0
      for (let at = 0; at < data.length; at += 4) {
        if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > 96) count += 1
      }
      return count
    })
  }

  /** Waits until the guest has drawn something: more than a cursor, and not QEMU's own notice that nothing is drawn. */
  async waitForPicture(): Promise<void> {
    await this.picture().waitFor()
    while ((await this.lit()) < 2000) await this.studio.page.waitForTimeout(500)
    await this.studio.page.getByText(/^The guest draws nothing here/u).waitFor({ state: 'detached' })
  }

  async waitUntilConnected(): Promise<void> {
    await this.studio.waitForText('Connected. Click the picture')
  }

  async clickPicture(): Promise<void> {
    await this.picture().click()
  }

  /** Saves the guest's screen where the desktop's dialog is answered with this path. */
  async saveScreenshot(path: string): Promise<void> {
    await this.studio.desktop.answerSaveDialog(path)
    await this.studio.press('Screenshot…')
    await this.studio.waitForText(`Saved to ${path}`)
  }

  async type(text: string): Promise<void> {
    await this.studio.page.keyboard.type(text, { delay: 40 })
  }

  /** Ctrl and Alt together, let go again. */
  async leaveByKeys(): Promise<void> {
    await this.studio.page.keyboard.down('Control')
    await this.studio.page.keyboard.down('Alt')
    await this.studio.page.keyboard.up('Alt')
    await this.studio.page.keyboard.up('Control')
  }
}
