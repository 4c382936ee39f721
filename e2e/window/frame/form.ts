import type { Page } from 'playwright'

/** Fields, ticks and choices of the page that is open. */
export class Form {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Fills a labelled field and leaves it. */
  async fill(label: string, text: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: label })
    await field.fill(text)
    await field.blur()
  }

  async tick(label: RegExp): Promise<void> {
    await this.page.getByRole('checkbox', { name: label }).check()
  }

  async untick(label: RegExp): Promise<void> {
    await this.page.getByRole('checkbox', { name: label }).uncheck()
  }

  /** Clicks a box; what it shows before anything else of the page can run, and so before main has answered. */
  async shownByClick(label: RegExp): Promise<boolean> {
    return this.page.getByRole('checkbox', { name: label }).evaluate((box: HTMLInputElement) => {
      box.click()
      return box.checked
    })
  }

  /** Picks one option of a group by its label. */
  async pick(group: string, label: RegExp): Promise<void> {
    await this.page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: label }).check()
  }

  /** Chooses one of a list that opens on a click. */
  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: label }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  /** Opens a folded part by its title. */
  async unfold(title: RegExp): Promise<void> {
    await this.page.locator('summary').filter({ hasText: title }).click()
  }
}
