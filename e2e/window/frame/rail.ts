import type { Locator, Page } from 'playwright'
import { PATIENCE_MS } from './patience.ts'

/** The list of pages at the window's side. */
export class Rail {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  private navigation(): Locator {
    return this.page.getByRole('navigation', { name: 'Pages' })
  }

  async waitFor(): Promise<void> {
    await this.navigation().waitFor({ timeout: PATIENCE_MS })
  }

  /** Returns the titles of all pages without their numbers and states, e.g. `Boot` or `Devices`. */
  async titles(): Promise<string[]> {
    return this.navigation().getByRole('button').locator('[data-title]').allInnerTexts()
  }

  /** Opens a page by its title, e.g. `Boot` or `Devices`. */
  async open(title: string): Promise<void> {
    await this.navigation()
      .getByRole('button', { name: new RegExp(`(^|\\d\\s*)${title}\\b`, 'u') })
      .click()
    await this.page.getByRole('heading', { level: 1, name: new RegExp(title, 'u') }).waitFor()
  }

  /** Waits until the steps are about this one of several VMs. */
  async waitForVm(name: string): Promise<void> {
    await this.navigation()
      .getByRole('heading', { name: new RegExp(`Setup\\s*${name}`, 'u') })
      .waitFor()
  }

  /** Selects another VM by the switch of the page that is open. */
  async switchVm(name: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'VM' }).click()
    await this.page.getByRole('option', { name: new RegExp(`^${name}\\b`, 'u') }).click()
    await this.waitForVm(name)
  }
}
