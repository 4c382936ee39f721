import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'

/** The running VM: its state, its use of the host, and its snapshots. */
export class VmPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('VM')
    return this
  }

  async shutDown(): Promise<void> {
    await this.studio.press('Shut down')
    await this.studio.waitForText(/^off/u)
  }

  chart(name: string): Locator {
    return this.studio.page.getByRole('figure', { name })
  }

  async nameSnapshot(name: string): Promise<void> {
    await this.studio.form.fill('Name of a new snapshot', name)
  }

  async takeSnapshot(name: string): Promise<void> {
    await this.nameSnapshot(name)
    await this.studio.press('Take a snapshot')
    await this.studio.waitForText(`The snapshot “${name}” is taken.`)
  }

  /** Asks to go back to a snapshot and returns the question that follows. */
  async askToGoBack(name: string): Promise<{ text: string; focused: string }> {
    await this.studio.press(`Go back… ${name}`)
    return this.studio.question.read()
  }

  /** Asks to delete a snapshot and returns the question that follows. */
  async askToDelete(name: string): Promise<{ text: string }> {
    await this.studio.press(`Delete… ${name}`)
    return this.studio.question.read()
  }

  snapshots(): Promise<string[]> {
    return this.studio.rows('Snapshots')
  }
}
