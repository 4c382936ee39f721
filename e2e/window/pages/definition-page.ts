import type { Locator } from 'playwright'
import type { StudioWindow } from '../frame/studio-window.ts'
import { StepPage } from './step-page.ts'

/** Step 8: what the selected VM is, and which VMs there are. */
export class DefinitionPage {
  readonly step: StepPage
  private readonly studio: StudioWindow

  constructor(studio: StudioWindow) {
    this.studio = studio
    this.step = new StepPage(studio, 'Definition')
  }

  async open(): Promise<this> {
    await this.step.open()
    return this
  }

  async writeProofGuest(): Promise<void> {
    await this.step.apply('Write 5 files and build the proof guest')
  }

  /** Takes the files of the VM back. */
  async undo(): Promise<void> {
    await this.step.undo()
    await this.studio.verdict.waitFor('needs-work')
  }

  /** Picks what the VM is for, e.g. `/^Windows 10/`. */
  async pickUse(label: RegExp): Promise<void> {
    await this.studio.form.pick('What the VM is for', label)
  }

  /** Ticks a service that is stopped while the VM has its card. */
  async stopAtStart(label: RegExp): Promise<void> {
    await this.studio.form.tick(label)
  }

  /** Picks when the picture comes back by itself. */
  async comeBackAfter(option: string): Promise<void> {
    await this.studio.page.getByRole('combobox', { name: 'If the guest is not up' }).click()
    await this.studio.page.getByRole('option', { name: option }).click()
  }

  /** Chooses which ROM the guest finds on a function. */
  async chooseRom(name: RegExp, option: string): Promise<void> {
    await this.studio.page.getByRole('combobox', { name }).click()
    await this.studio.page.getByRole('option', { name: option, exact: true }).click()
  }

  async setMemory(mebibytes: number): Promise<void> {
    await this.studio.form.fill('Memory (MiB)', String(mebibytes))
  }

  disk(name: RegExp): Locator {
    return this.studio.page.getByRole('radio', { name })
  }

  /** Picks a whole disk of the host by its name. */
  async pickHostDisk(name: RegExp): Promise<void> {
    await this.studio.form.pick('Disk of this host', name)
  }

  writeButton(): Locator {
    return this.studio.page.getByRole('button', { name: /^Write \d files/u })
  }

  /** Adds a VM, which the wizard is then about. */
  async addVm(name: string): Promise<void> {
    await this.studio.press('New VM…')
    await this.studio.page.getByLabel('Name of the new VM').fill(name)
    await this.studio.press('Add')
    await this.studio.rail.waitForVm(name)
  }

  /** Gives the VM another name, or tries to. */
  async renameVm(name: string): Promise<void> {
    const field = this.studio.page.getByRole('textbox', { name: 'Name', exact: true })
    await field.fill(name)
    await field.blur()
  }

  async forgetVm(name: string): Promise<void> {
    await this.studio.press(`Forget “${name}”…`)
    await this.studio.press(`Forget “${name}”`)
    await this.studio.waitForText(`The VM "${name}" is forgotten.`)
  }
}
