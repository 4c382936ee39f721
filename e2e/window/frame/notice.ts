import type { Page } from 'playwright'

/** What the window says of actions: which is under way, and what became of the last. */
export class Notice {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Waits until no action is under way. */
  async waitUntilIdle(): Promise<void> {
    await this.page.getByText(/^Helper idle/u).waitFor()
  }

  /** Waits until an action is under way: the page says so a moment after the click. */
  async waitUntilWorking(): Promise<void> {
    await this.page
      .getByText(/^Working/u)
      .first()
      .waitFor()
  }

  async waitUntilTakenBack(): Promise<void> {
    await this.page.getByText('Taken back.').first().waitFor()
  }

  /** Returns the problem the window shows; null: none. */
  async problem(): Promise<string | null> {
    const alert = this.page.getByRole('alert')
    return (await alert.count()) === 0 ? null : alert.first().innerText()
  }
}
