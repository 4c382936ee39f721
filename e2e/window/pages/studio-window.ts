import type { ElectronApplication, Locator, Page } from 'playwright'

/** Under emulation a click can take seconds; on a real machine nothing comes near this. */
export const PATIENCE_MS = 900_000

/** The app as a user sees it: verbs, no selectors. */
export class StudioWindow {
  readonly page: Page
  private readonly started: ElectronApplication | null
  readonly complaints: string[] = []

  /** `started`: the app, when it is this test's own; null: somebody else's window. */
  constructor(started: ElectronApplication | null, page: Page) {
    this.started = started
    this.page = page
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text())
    })
  }

  /** Waits until the page shows the rail: the host has been looked at then. */
  async ready(): Promise<this> {
    await this.rail().waitFor({ timeout: PATIENCE_MS })
    return this
  }

  /** The app as we started it. One that only lets itself be looked into is closed by whoever started it. */
  private get electron(): ElectronApplication {
    if (this.started !== null) return this.started
    throw new Error('this window was not started by the test')
  }

  async close(): Promise<void> {
    await this.electron.close()
  }

  /** Closes the window; with a tray the app goes on. */
  async hide(): Promise<void> {
    await this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  }

  /** Process id of the app's main process. */
  pid(): number {
    return this.electron.process().pid ?? -1
  }

  /** Waits until the Devices panel shows a function with this driver, or with none; returns what it shows. */
  async waitForDriver(address: string, driver: string, bound: boolean): Promise<string> {
    const row = this.page
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell', { name: address, exact: true }) })
    const cell = row.locator('[data-field="driver"]')
    await cell.filter(bound ? { hasText: driver } : { hasNotText: driver }).waitFor({ timeout: PATIENCE_MS })
    return (await cell.textContent()) ?? ''
  }

  private rail(): Locator {
    return this.page.getByRole('navigation', { name: 'Pages' })
  }

  /** Titles of all pages the rail leads to, without their numbers and states, e.g. `Boot` or `Devices`. */
  async pages(): Promise<string[]> {
    return this.rail().getByRole('button').locator('[data-title]').allInnerTexts()
  }

  /** Opens a page by the words in the rail, e.g. `Boot` or `Devices`. */
  async goTo(title: string): Promise<void> {
    await this.rail()
      .getByRole('button', { name: new RegExp(`(^|\\d\\s*)${title}\\b`, 'u') })
      .click()
    await this.page.getByRole('heading', { level: 1, name: new RegExp(title, 'u') }).waitFor()
  }

  /** The verdict of the step that is open: its one word. */
  async verdict(): Promise<string> {
    return (await this.page.locator('[data-verdict]').getAttribute('data-verdict')) ?? ''
  }

  async waitForVerdict(word: string): Promise<void> {
    await this.page.locator(`[data-verdict="${word}"]`).waitFor()
  }

  /** The title of the page that is open. */
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

  /** Waits for a question in the window and returns what it says; its ways out are its buttons. */
  async question(): Promise<{ text: string; focused: string; answers: string[] }> {
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
    const dialog = this.page.getByRole('alertdialog')
    await dialog.getByRole('button', { name: label, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  async waitForNoQuestion(): Promise<void> {
    await this.page.getByRole('alertdialog').waitFor({ state: 'detached' })
  }

  /** Types into the confirmation of a dangerous plan: what it asks for, or something else. */
  async confirmWith(address: string, typed = address): Promise<void> {
    await this.page.getByRole('textbox', { name: `Type ${address} to confirm` }).fill(typed)
  }

  async tick(label: RegExp): Promise<void> {
    await this.page.getByRole('checkbox', { name: label }).check()
  }

  async untick(label: RegExp): Promise<void> {
    await this.page.getByRole('checkbox', { name: label }).uncheck()
  }

  /** Picks one of several choices by its words. */
  async choose(label: RegExp): Promise<void> {
    await this.page.getByRole('radio', { name: label }).check()
  }

  /** Picks one option of a group by its label. */
  async pick(group: string, label: RegExp): Promise<void> {
    await this.page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: label }).check()
  }

  /** Adds a VM on the page of step 8, which is then about it. */
  async addVm(name: string): Promise<void> {
    await this.press('New VM…')
    await this.page.getByLabel('Name of the new VM').fill(name)
    await this.press('Add')
    await this.waitForVm(name)
  }

  /** Gives the VM of step 8 another name, or tries to. */
  async renameVm(name: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Name', exact: true })
    await field.fill(name)
    await field.blur()
  }

  /** Turns to another VM by the switch of the page that is open. */
  async switchVm(name: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'VM' }).click()
    await this.page.getByRole('option', { name: new RegExp(`^${name}\\b`, 'u') }).click()
    await this.waitForVm(name)
  }

  /** Waits until the wizard is about this one of several VMs. */
  async waitForVm(name: string): Promise<void> {
    await this.rail()
      .getByRole('heading', { name: new RegExp(`Setup\\s*${name}`, 'u') })
      .waitFor()
  }

  /** Opens a folded part by its title. */
  async unfold(title: RegExp): Promise<void> {
    await this.page.locator('summary').filter({ hasText: title }).click()
  }

  async waitForButton(label: string): Promise<void> {
    await this.page.getByRole('button', { name: label, exact: true }).waitFor()
  }

  /** Fills a labelled field and leaves it. */
  async fill(label: string, text: string): Promise<void> {
    const field = this.page.getByLabel(label)
    await field.fill(text)
    await field.blur()
  }

  async waitForText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** Waits until no action is under way. */
  async waitUntilIdle(): Promise<void> {
    await this.page.getByText(/^Helper idle/u).waitFor()
  }

  async problem(): Promise<string | null> {
    const alert = this.page.getByRole('alert')
    return (await alert.count()) === 0 ? null : alert.first().innerText()
  }

  /** Rows of a table by its name, cell texts joined. */
  async rows(table: string): Promise<string[]> {
    return this.page.getByRole('table', { name: table }).locator('tbody tr').allInnerTexts()
  }

  /** The desktop's own file dialog cannot be clicked here; it answers with this path from now on. */
  async answerSaveDialog(path: string): Promise<void> {
    await this.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, path)
  }

  /** Answers the questions the desktop asks from now on with the button at this place; counted from 0 again. */
  async answerQuestions(button: number): Promise<void> {
    await this.electron.evaluate(({ app, dialog }, response) => {
      const counted = Object.assign(app, { questions: 0 })
      dialog.showMessageBox = () => {
        counted.questions += 1
        return Promise.resolve({ response, checkboxChecked: false })
      }
    }, button)
  }

  /** How many questions were answered since. */
  questions(): Promise<number> {
    return this.electron.evaluate(({ app }) => ('questions' in app ? Number(app.questions) : 0))
  }

  async setScheme(scheme: 'light' | 'dark'): Promise<void> {
    const button = this.page.getByRole('button', { name: `Switch to ${scheme}` })
    if ((await button.count()) > 0) await button.click()
  }

  async resize(width: number, height: number): Promise<void> {
    await this.electron.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    )
    await this.page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, {
      width,
      height,
    })
  }

  /** The whole of the page's text, as if the window were tall enough for it. */
  async fullPicture(path: string): Promise<void> {
    const { width, height } = await this.page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
    await this.page.setViewportSize({ width, height: 2200 })
    await this.picture(path)
    await this.page.setViewportSize({ width, height })
  }

  /** A picture without anything that moves, hovers or blinks. */
  async stillPicture(path: string): Promise<void> {
    await this.page.mouse.move(640, 2)
    await this.page.getByRole('tooltip').waitFor({ state: 'detached' })
    await this.page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)))
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  }

  async picture(path: string): Promise<void> {
    await this.page.screenshot({ path })
  }
}
