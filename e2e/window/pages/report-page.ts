import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'

/** A report of the host, with names replaced, that can be read before it is saved. */
export class ReportPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Report')
    return this
  }

  async make(): Promise<void> {
    await this.studio.press('Make a report')
  }

  async search(text: string): Promise<void> {
    await this.studio.form.fill('Search', text)
  }

  /** Shows one file of the report, by the end of its path. */
  async show(path: RegExp): Promise<void> {
    await this.studio.press(path)
  }

  file(path: string): Locator {
    return this.studio.page.getByRole('region', { name: path })
  }

  /** Saves the report where the desktop's dialog is answered with this path. */
  async save(path: string): Promise<void> {
    await this.studio.desktop.answerSaveDialog(path)
    await this.studio.press('Save the report…')
    await this.studio.waitForText(`Saved to ${path}`)
  }
}
