import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'
import { StepPage } from './step-page.ts'

/** Step 5: a card is bound, and the only display of a host only with its address typed. */
export class BindPage {
  readonly step: StepPage
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
    this.step = new StepPage(studio, 'Bind')
  }

  async open(): Promise<this> {
    await this.step.open()
    return this
  }

  /** Types into the confirmation: the address it asks for, or something else. */
  async confirmWith(address: string, typed = address): Promise<void> {
    await this.studio.page.getByRole('textbox', { name: `Type ${address} to confirm` }).fill(typed)
  }

  bindButton(): Locator {
    return this.studio.page.getByRole('button', { name: /^Bind 2 functions/u })
  }
}
