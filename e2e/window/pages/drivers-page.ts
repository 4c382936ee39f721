import type { StudioWindow } from '../frame/studio-window.ts'

/** The table of drivers: today, at the next boot, and after step 5. */
export class DriversPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Drivers')
    return this
  }

  rows(): Promise<string[]> {
    return this.studio.rows('Drivers')
  }

  /** Lines that guides have people add, those first that are in the way. */
  leftovers(): Promise<string[]> {
    return this.studio.rows('Left by earlier guides')
  }

  /** Opens the evidence for the driver that a function has after step 5. */
  async showEvidenceAfterBind(address: string): Promise<void> {
    await this.studio.press(`Evidence for ${address} after step 5`)
  }
}
