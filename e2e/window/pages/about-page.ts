import type { StudioWindow } from '../frame/studio-window.ts'

/** What this program is, and the helper that makes its changes: installed, updated, taken out. */
export class AboutPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.press('About')
    return this
  }

  helperFiles(): Promise<string[]> {
    return this.studio.rows('Files of the helper')
  }

  /** Shows the script that root runs to install the helper. */
  async unfoldScript(): Promise<void> {
    await this.studio.form.unfold(/^What root runs for it/u)
  }

  async removeHelper(): Promise<void> {
    await this.studio.press('Take it out…')
    await this.studio.question.answer('Take it out')
    await this.studio.waitForText('the helper is not installed')
  }
}
