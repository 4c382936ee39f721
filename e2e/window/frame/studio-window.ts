import type { ElectronApplication, Page } from 'playwright'
import { Camera } from './camera.ts'
import { Desktop } from './desktop.ts'
import { Form } from './form.ts'
import { Notice } from './notice.ts'
import { PATIENCE_MS } from './patience.ts'
import { Question } from './question.ts'
import { Rail } from './rail.ts'
import { Verdict } from './verdict.ts'

/** The app's window: the parts that every page has around it, and what a user does on any of them. */
export class StudioWindow {
  readonly page: Page
  readonly rail: Rail
  readonly verdict: Verdict
  readonly form: Form
  readonly notice: Notice
  readonly question: Question
  readonly camera: Camera
  readonly desktop: Desktop
  /** Errors of the page, and errors and warnings of its console. */
  readonly complaints: string[] = []

  /** `started`: the app, when it is this test's own; null: somebody else's window. */
  constructor(started: ElectronApplication | null, page: Page) {
    this.page = page
    this.rail = new Rail(page)
    this.verdict = new Verdict(page)
    this.form = new Form(page)
    this.notice = new Notice(page)
    this.question = new Question(page)
    this.camera = new Camera(page)
    this.desktop = new Desktop(started, page)
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text())
    })
  }

  /** Waits until the window shows the rail: the host has been looked at then. */
  async ready(): Promise<this> {
    await this.rail.waitFor()
    return this
  }

  async close(): Promise<void> {
    await this.desktop.quit()
  }

  /** Returns the title of the page that is open. */
  async title(): Promise<string> {
    return (await this.page.getByRole('heading', { level: 1 }).innerText()).replaceAll(/\s+/gu, ' ').trim()
  }

  /** Presses a button by its whole label, or by a pattern. */
  async press(label: string | RegExp): Promise<void> {
    await this.page
      .getByRole('button', { name: label, exact: typeof label === 'string' })
      .first()
      .click()
  }

  /** Presses a key where the focus is, e.g. `Enter`. */
  async pressKey(key: string): Promise<void> {
    await this.page.keyboard.press(key)
  }

  async waitForText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  async waitForButton(label: string): Promise<void> {
    await this.page.getByRole('button', { name: label, exact: true }).waitFor()
  }

  /** Returns the rows of a table by its name, cell texts joined. */
  async rows(table: string): Promise<string[]> {
    return this.page.getByRole('table', { name: table }).locator('tbody tr').allInnerTexts()
  }
}
