import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { CallName } from '#shared/ipc/call-names.ts'
import type { CallInput, CallOutput } from '#shared/ipc/contract.ts'
import type { AboutView, HelperPlan } from '#shared/ipc/helper-view.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import { ConsoleSessions } from './console/screen-lines.ts'
import { diagnoseRequest, vmLog } from './diagnosis.ts'
import { aboutThis } from './privilege/about.ts'
import { installHelper, removeHelper } from './privilege/checkout-helper.ts'
import { type Program, readProgram } from './privilege/program.ts'
import { type Bundle, makeBundle } from './report/bundle.ts'
import { journalRows, readRecoverySheet } from './session/journal-reader.ts'
import { openSession } from './session/session.ts'
import { Studio } from './studio.ts'
import { snapshotOf, type TrayState } from './views/snapshot.ts'

type Handlers = { [N in CallName]: (input: CallInput<N>) => Promise<CallOutput<N>> }

/** What only a desktop can do for the window. */
export interface Desktop {
  /** Asks the user for a place and writes there; the path, or null when the dialog was closed. */
  saveAs(name: string, content: string | Uint8Array): Promise<string | null>
  copy(text: string): Promise<void>
  /** Ends this program and starts what is installed now. */
  restart(): void
}

/** What the window and the tray work with: one Studio at a time, and who wants to know of its changes. */
export class AppController {
  private studio: Studio | null = null
  private readonly directory: string
  private plan: HelperPlan | null = null
  private readonly listeners = new Set<() => void>()
  private readonly desktop: Desktop
  private bundle: Bundle | null = null
  private readonly screens = new ConsoleSessions()
  private tray: TrayState = { available: false, text: 'The tray is not ready yet.' }

  /** `directory` holds this program's bundles. */
  constructor(directory: string, desktop: Desktop) {
    this.directory = directory
    this.desktop = desktop
  }

  /** Turns to another host. The new one is looked at before anything is shown of it. */
  async open(where: string): Promise<void> {
    const studio = new Studio(await openSession(where, this.directory), () => this.tell())
    this.studio = studio
    this.bundle = null
    await studio.open()
    studio.watchVms()
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener)
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener())
  }

  setTray(tray: TrayState): void {
    this.tray = tray
    this.tell()
  }

  /** Null while the first look is under way. */
  snapshot(): Snapshot | null {
    return this.studio === null ? null : snapshotOf(this.studio, this.tray)
  }

  get active(): Studio {
    if (this.studio !== null) return this.studio
    throw new ProblemError('busy', 'The host is still being looked at.', { hint: 'Wait for the first look to end.' })
  }

  /** The kernel bound, added or removed a device. An action that is under way looks by itself. */
  deviceChanged(): void {
    if (this.studio?.session.host.kind !== 'real') return
    this.studio.refreshInBackground().catch((thrown: unknown) => console.error(problemOf(thrown).message))
  }

  /** A helper came, went or was updated: the window then says so by itself. */
  async renewPrivilege(): Promise<void> {
    if (this.studio !== null && (await this.studio.session.privilege.renew())) this.tell()
  }

  private async about(): Promise<AboutView> {
    const view = await aboutThis(await readProgram(this.directory))
    this.plan = view.plan
    return view
  }

  /** Installs what the page has shown last, or takes it out; answers with how things are then. */
  private async changeHelper(work: (program: Program) => Promise<void>): Promise<AboutView> {
    await work(await readProgram(this.directory))
    await this.renewPrivilege()
    return this.about()
  }

  /** One handler for each call of the contract. A failed action shows as the phase, so its handler does not throw. */
  readonly handlers: Handlers = {
    snapshot: async () => {
      const snapshot = this.snapshot()
      if (snapshot !== null) return snapshot
      throw new ProblemError('busy', 'The host is still being looked at.', { hint: 'Wait for the first look to end.' })
    },
    recheck: () => this.act((studio) => studio.recheck()),
    choose: (input) => this.act((studio) => studio.choose(input)),
    stepApply: ({ planId, typed }) => this.act((studio) => studio.apply(planId, typed)),
    stepUndo: (step) => this.act((studio) => studio.undo({ kind: 'step', step })),
    undoAll: () => this.act((studio) => studio.undo({ kind: 'all' })),
    keepNetwork: () => this.act((studio) => studio.confirmNetwork()),
    readClosed: () => this.act((studio) => studio.readBootMenu()),
    reboot: () => this.act((studio) => studio.reboot()),
    dismissProblem: () => this.act(async (studio) => studio.dismiss()),
    useHost: async (where) => {
      await this.open(where)
      return null
    },
    vmSelect: (name) => this.act((studio) => studio.selectVm(name)),
    vmAdd: (name) => this.act((studio) => studio.addVm(name)),
    vmForget: (name) => this.act((studio) => studio.forgetVm(name)),
    vmStart: (name) => this.act((studio) => studio.startVm(name)),
    vmShutDown: (name) => this.act((studio) => studio.shutDownVm(name)),
    vmForceOff: (name) => this.act((studio) => studio.forceOffVm(name)),
    snapshots: () => this.active.snapshots(),
    snapshotTake: (name) => this.act((studio) => studio.takeSnapshot(name)),
    snapshotGoBack: (name) => this.act((studio) => studio.goBackTo(name)),
    snapshotRemove: (name) => this.act((studio) => studio.removeSnapshot(name)),
    vmProve: () => this.act((studio) => studio.proveVm()),
    journal: async () => journalRows(this.active.current.journal),
    devices: async () => this.active.devices(),
    lspciOf: (address) => this.active.lspciOf(address),
    drivers: async () => this.active.drivers(),
    topology: async () => this.active.topology(),
    savePicture: (picture) =>
      this.desktop.saveAs(`topology.${picture.kind}`, picture.kind === 'svg' ? picture.text : picture.bytes),
    copyText: async (text) => {
      await this.desktop.copy(text)
      return null
    },
    recoverySheet: () => readRecoverySheet(this.active.session.host),
    saveRecoverySheet: async () => {
      const text = await readRecoverySheet(this.active.session.host)
      return text === null ? null : this.desktop.saveAs('passthrough-studio-recovery.txt', text)
    },
    about: () => this.about(),
    helperInstall: () => {
      const shown = this.plan
      if (shown === null)
        throw new ProblemError('usage', 'What would be installed has not been shown yet.', {
          hint: 'Open About first.',
        })
      return this.changeHelper((program) => installHelper(program, shown))
    },
    helperRemove: () => this.changeHelper(removeHelper),
    restart: async () => {
      if (this.active.acting)
        throw new ProblemError('busy', 'Something is under way.', { hint: 'Wait until it is done.' })
      this.desktop.restart()
      return null
    },
    guestReach: () => this.active.guestReach(),
    viewerOpen: async () => {
      await this.active.openViewer()
      return null
    },
    diagnose: (request) => diagnoseRequest(this.active, request),
    report: async () => {
      this.bundle = await makeBundle(this.active.session, this.active.current.saved)
      return this.bundle.view
    },
    reportPart: async (id) => this.bundle?.texts[id] ?? null,
    saveReport: async () => {
      if (this.bundle === null) throw new ProblemError('usage', 'There is no report yet.', { hint: 'Make it first.' })
      return this.desktop.saveAs('passthrough-studio-report.json', this.bundle.text)
    },
    screenOpen: () => {
      const { session } = this.active
      return this.screens.open(session.vm.screen(this.active.mustHaveDefinition()))
    },
    screenRead: (id) => this.screens.read(id),
    screenWrite: async ({ id, bytes }) => {
      this.screens.write(id, bytes)
      return null
    },
    screenClose: async (id) => {
      this.screens.close(id)
      return null
    },
    vmUsage: () => this.active.vmUsage(),
    vmLog: async () => {
      const { source, text, why } = await vmLog(this.active)
      return { path: source, text, why }
    },
    saveScreenshot: (bytes) => {
      const { name } = this.active.mustHaveDefinition()
      const moment = new Date().toISOString().slice(0, 19).replaceAll(/[T:]/gu, '-')
      return this.desktop.saveAs(`${name}-${moment}.png`, bytes)
    },
  }

  /** The window is gone, and with it whoever read a guest's screen. */
  windowClosed(): void {
    this.screens.closeAll()
  }

  /** Calls a handler with input that its schema has parsed, as the contract promises. */
  perform(name: CallName, input: unknown): Promise<unknown> {
    const handler: (input: never) => Promise<unknown> = this.handlers[name]
    return handler(input as never)
  }

  /** Runs an action to its end. What the phase already tells is not told twice; anything else is thrown. */
  private async act(action: (studio: Studio) => Promise<unknown>): Promise<null> {
    const studio = this.active
    try {
      await action(studio)
    } catch (thrown) {
      const { phase } = studio.current
      if (phase.kind !== 'failed' || phase.problem !== problemOf(thrown)) throw thrown
    }
    return null
  }
}
