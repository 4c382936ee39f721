import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'
import { StepPage } from './step-page.ts'

/** Step 9: the VM is started, seen, and proves the card. */
export class LaunchPage {
  readonly step: StepPage
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
    this.step = new StepPage(studio, 'Launch')
  }

  async open(): Promise<this> {
    await this.step.open()
    return this
  }

  startButton(): Locator {
    return this.studio.page.getByRole('button', { name: 'Start the VM' })
  }

  /** Starts the VM and waits until its guest has proven the card. */
  async startAndProve(): Promise<void> {
    await this.step.apply('Start the VM')
  }

  /** Picks how the guest is seen, e.g. `/^Looking Glass/`. */
  async pickDisplay(label: RegExp): Promise<void> {
    await this.studio.form.pick('How the guest is seen', label)
  }

  /** Returns what the proof guest reported. */
  functionsSeen(): Promise<string[]> {
    return this.studio.rows('Functions the guest sees')
  }

  /** Has a running guest report the functions it sees, and returns them. */
  async prove(): Promise<string[]> {
    await this.studio.press('Prove the card in the guest')
    await this.studio.notice.waitUntilWorking()
    await this.studio.notice.waitUntilIdle()
    return this.functionsSeen()
  }
}
