import type { Locator } from 'playwright'
import type { StudioWindow } from './studio-window.ts'

/** The panel at the side that quotes what a finding, a function or a driver rests on. */
export class EvidencePanel {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  closeButton(): Locator {
    return this.studio.page.getByRole('button', { name: 'Close evidence' })
  }

  async close(): Promise<void> {
    await this.studio.press('Close evidence')
  }
}
