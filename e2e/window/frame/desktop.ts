import type { ElectronApplication, Page } from 'playwright'

/** The app as the desktop has it: its process, the window's size, and dialogs that no test can click. */
export class Desktop {
  private readonly started: ElectronApplication | null
  private readonly page: Page

  constructor(started: ElectronApplication | null, page: Page) {
    this.started = started
    this.page = page
  }

  /** The app as we started it. One that only lets itself be looked into is closed by whoever started it. */
  private get electron(): ElectronApplication {
    if (this.started !== null) return this.started
    throw new Error('this window was not started by the test')
  }

  async quit(): Promise<void> {
    await this.electron.close()
  }

  /** Closes the window; with a tray the app goes on. */
  async hide(): Promise<void> {
    await this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  }

  /** Returns the id of the app's main process. */
  pid(): number {
    return this.electron.process().pid ?? -1
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

  /** Has the desktop's file dialog answer with this path from now on. */
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

  /** Returns how many questions were answered since. */
  questions(): Promise<number> {
    return this.electron.evaluate(({ app }) => ('questions' in app ? Number(app.questions) : 0))
  }
}
