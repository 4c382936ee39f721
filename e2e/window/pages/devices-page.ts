import type { Locator } from 'playwright'
import { PATIENCE_MS } from '../frame/patience.ts'
import type { StudioWindow } from '../frame/studio-window.ts'

/** The table of every PCI function. */
export class DevicesPage {
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
  }

  async open(): Promise<this> {
    await this.studio.rail.open('Devices')
    return this
  }

  async search(text: string): Promise<void> {
    await this.studio.form.fill('Search', text)
  }

  /** The header counts as one. */
  rows(): Locator {
    return this.studio.page.getByRole('row')
  }

  address(address: string): Locator {
    return this.studio.page.getByRole('gridcell', { name: address, exact: true })
  }

  /** Puts the focus on the header, from where arrow keys walk the table. */
  async enter(): Promise<void> {
    await this.studio.page.getByRole('columnheader', { name: 'Address' }).focus()
  }

  /** Waits until a function has this driver, or another or none; returns what the table shows. */
  async waitForDriver(address: string, driver: string, bound: boolean): Promise<string> {
    const cell = this.rows()
      .filter({ has: this.address(address) })
      .locator('[data-field="driver"]')
    await cell.filter(bound ? { hasText: driver } : { hasNotText: driver }).waitFor({ timeout: PATIENCE_MS })
    return (await cell.textContent()) ?? ''
  }
}
