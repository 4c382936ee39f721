import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'

/** Explains an error or a log. */
export class DiagnosePage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Diagnose')
    return this
  }

  async explain(text: string): Promise<void> {
    await this.studio.form.fill('Error or log', text)
    await this.studio.press('Explain this text')
  }

  explainButton(): Locator {
    return this.studio.page.getByRole('button', { name: 'Explain this text' })
  }

  async readVmLog(): Promise<void> {
    await this.studio.press('Read this VM’s log')
  }

  /** Returns the ids of the rules that answered, in their order on the page. */
  async answers(): Promise<(string | null)[]> {
    const answers = this.studio.page.locator('[data-answer]')
    return answers.evaluateAll((all) => all.map((answer) => answer.getAttribute('data-answer')))
  }
}
