import type { StudioWindow } from '../frame/studio-window.ts'

/** Compares the host with what it was when a guest last proved the card. */
export class HealthPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Health')
    return this
  }

  comparison(): Promise<string[]> {
    return this.studio.rows('Compared with the last known good')
  }
}
