import type { Page } from 'playwright'

/** The one word that a page says of the host. */
export class Verdict {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async word(): Promise<string> {
    return (await this.page.locator('[data-verdict]').getAttribute('data-verdict')) ?? ''
  }

  async waitFor(word: string): Promise<void> {
    await this.page.locator(`[data-verdict="${word}"]`).waitFor()
  }
}
