import type { Locator } from 'playwright'
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

  /** Takes back what can be, where something stands in the way of a change. */
  async undoWhatCanBe(): Promise<void> {
    await this.studio.press(/^Undo everything/u)
    await this.studio.waitForText('The rest was taken back.')
    await this.studio.notice.waitUntilIdle()
  }

  rows(): Promise<string[]> {
    return this.studio.rows('Journal')
  }

  /** What could not be taken back; gone where everything could. */
  leftTable(): Locator {
    return this.studio.page.getByRole('table', { name: 'Could not be taken back' })
  }

  /** The changes in it, with the reason and what to do. */
  leftRows(): Promise<string[]> {
    return this.studio.rows('Could not be taken back')
  }

  /** Asks to give up on the change that could not be taken back; a question comes first. */
  async askToLeave(change: string): Promise<void> {
    await this.studio.press(`Leave this one: ${change}`)
  }

  /** Asks to set a journal aside that bars changes; a question comes first. */
  async askToSetAside(): Promise<void> {
    await this.studio.press('Set the journal aside…')
  }
}
