import type { Page } from 'playwright'

/** A question in the window that has to be answered before anything else. */
export class Question {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Waits for a question and returns what it says; its ways out are its buttons. */
  async read(): Promise<{ text: string; focused: string; answers: string[] }> {
    const dialog = this.page.getByRole('alertdialog')
    const focused = dialog.locator('button:focus')
    await focused.waitFor()
    return {
      text: await dialog.innerText(),
      focused: await focused.innerText(),
      answers: await dialog.getByRole('button').allInnerTexts(),
    }
  }

  /** Answers the question that is open, and waits until it is gone. */
  async answer(label: string): Promise<void> {
    await this.page.getByRole('alertdialog').getByRole('button', { name: label, exact: true }).click()
    await this.waitUntilGone()
  }

  /** Gives no answer, by Escape. */
  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await this.waitUntilGone()
  }

  async waitUntilGone(): Promise<void> {
    await this.page.getByRole('alertdialog').waitFor({ state: 'detached' })
  }
}
