import type { StudioWindow } from '../frame/studio-window.ts'
import { StepPage } from './step-page.ts'

/** Step 7: the host's network moves to a bridge, and goes back unless that is confirmed. */
export class NetworkPage {
  readonly step: StepPage
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
    this.step = new StepPage(studio, 'Network')
  }

  async open(): Promise<this> {
    await this.step.open()
    return this
  }

  async chooseNewBridge(): Promise<void> {
    await this.studio.page.getByRole('radio', { name: /^A new bridge, br-vm/u }).check()
  }

  async moveToBridge(): Promise<void> {
    await this.studio.press('Write 2 files and move the network to the bridge')
  }

  async waitForCountdown(): Promise<void> {
    await this.studio.waitForText(/The old one comes back by itself in \d+ s\./u)
  }

  async goBack(): Promise<void> {
    await this.studio.press('Go back now')
    await this.studio.notice.waitUntilTakenBack()
  }

  async keep(): Promise<void> {
    await this.studio.press('Keep this network')
    await this.studio.waitForText('The new network is kept.')
  }
}
