import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'
import { StepPage } from './step-page.ts'

/** How a unit is kept for VMs, in the page's words. */
export type Way = 'At each boot' | 'Only while its VM runs' | 'Until the next reboot'

/** Step 4: which cards and other devices VMs may have, and how each is kept for them. */
export class CardsPage {
  readonly step: StepPage
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
    this.step = new StepPage(studio, 'Cards')
  }

  async open(): Promise<this> {
    await this.step.open()
    return this
  }

  /** The box of the unit at a short address. */
  unit(address: string): Locator {
    return this.studio.page.getByRole('checkbox', { name: new RegExp(` at ${address.replace('.', '\\.')}`, 'u') })
  }

  /** The boxes of all units that may be chosen. */
  ticks(): Locator {
    return this.studio.page.getByRole('region', { name: 'Choices' }).getByRole('checkbox', { disabled: false })
  }

  async reserve(address: string): Promise<void> {
    await this.unit(address).check()
  }

  async drop(address: string): Promise<void> {
    await this.unit(address).uncheck()
  }

  /** Chooses how a reserved unit is kept. */
  async keep(address: string, way: Way): Promise<void> {
    await this.studio.page.getByRole('combobox', { name: `When ${address} is kept for VMs` }).click()
    await this.studio.page.getByRole('option', { name: way }).click()
  }

  /** Opens the list of what is no card. */
  async openFurther(): Promise<void> {
    await this.studio.form.unfold(/^Further devices/u)
  }
}
