import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'

/** Titles of the nine steps in their order. */
export const STEP_TITLES = [
  ...(['Platform', 'Kernel', 'Boot', 'Cards', 'Bind', 'Verify', 'Network', 'Definition', 'Launch'] as const),
]

type StepTitle = (typeof STEP_TITLES)[number]

/** What the page of every step has: a plan to apply, and a way back. */
export class StepPage {
  private readonly studio: StudioWindow
  private readonly title: StepTitle

  constructor(studio: StudioWindow, title: StepTitle) {
    this.studio = studio
    this.title = title
  }

  async open(): Promise<this> {
    await this.studio.rail.open(this.title)
    return this
  }

  /** Applies the plan by its button, and waits for the verdict. */
  async apply(button: string | RegExp, verdict = 'ok'): Promise<void> {
    await this.studio.press(button)
    await this.studio.verdict.waitFor(verdict)
  }

  applyButton(name: RegExp): Locator {
    return this.studio.page.getByRole('button', { name })
  }

  async undo(): Promise<void> {
    await this.studio.press(/^Undo step/u)
  }
}
