import type { StudioWindow } from '../frame/studio-window.ts'

/** Every change that was made, and how to take it back. */
export class JournalPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Journal')
    return this
  }

  async undoEverything(): Promise<void> {
    await this.studio.press(/^Undo everything/u)
    await this.studio.notice.waitUntilTakenBack()
  }

  rows(): Promise<string[]> {
    return this.studio.rows('Journal')
  }
}
