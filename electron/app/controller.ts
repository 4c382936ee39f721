import { note } from '#host/log.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { HelperPlan } from '#shared/ipc/helper-view.ts'
import type { Progress } from '#shared/ipc/progress.ts'
import type { CallName, CallOutput } from '#shared/ipc/schema.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import { ConsoleSessions } from './console/screen-lines.ts'
import type { Desktop, HandlerContext } from './handler-context.ts'
import { handlersOf, performer } from './handlers.ts'
import type { Bundle } from './report/bundle.ts'
import { openSession } from './session/session.ts'
import { Studio } from './studio.ts'
import { snapshotOf, type TrayState } from './views/snapshot.ts'

/** What the window and the tray work with: one Studio at a time, and who wants to know of its changes. */
export class AppController implements HandlerContext {
  readonly desktop: Desktop
  readonly directory: string
  readonly screens = new ConsoleSessions()
  shownHelper: HelperPlan | null = null
  bundle: Bundle | null = null
  readonly handlers = handlersOf(this)
  /** Calls a handler by its name with input that was not validated yet. */
  readonly perform: (name: string, input: unknown) => Promise<CallOutput<CallName>> = performer(this.handlers)
  private studio: Studio | null = null
  private opening = false
  private readonly listeners = new Set<() => void>()
  private readonly progressListeners = new Set<(progress: Progress) => void>()
  private tray: TrayState = { available: false, text: 'The tray is not ready yet.' }

  constructor(directory: string, desktop: Desktop) {
    this.directory = directory
    this.desktop = desktop
  }

  /**
   * Turns to another host. The new one is looked at before anything is shown of it. Throws `busy` while an action is
   * under way: nobody would see how it ends.
   */
  async open(where: string): Promise<void> {
    if (this.opening || this.studio?.acting === true)
      throw new ProblemError('busy', 'Another action is under way.', { hint: 'Turn to another host when it is done.' })
    this.opening = true
    await this.turnTo(where).finally(() => (this.opening = false))
  }

  private async turnTo(where: string): Promise<void> {
    const studio = new Studio(await openSession(where, this.directory), {
      changed: () => this.tell(),
      progress: (progress) => this.progressListeners.forEach((listener) => listener(progress)),
    })
    const former = this.studio
    former?.unwatch()
    this.studio = studio
    this.bundle = null
    try {
      await studio.open()
    } catch (thrown) {
      // Nothing could be shown of it; there is something to show of the one before.
      this.studio = former ?? studio
      former?.watch()
      this.tell()
      throw thrown
    }
    studio.watch()
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener)
  }

  /** Hears what an action says while it goes on, apart from everything else. */
  onProgress(listener: (progress: Progress) => void): void {
    this.progressListeners.add(listener)
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener())
  }

  setTray(tray: TrayState): void {
    this.tray = tray
    this.tell()
  }

  /** Returns what the window shows; null while the first look is under way. */
  snapshot(): Snapshot | null {
    return this.studio === null ? null : snapshotOf(this.studio, this.tray)
  }

  get active(): Studio {
    if (this.studio !== null) return this.studio
    throw new ProblemError('busy', 'The host is still being looked at.', { hint: 'Wait for the first look to end.' })
  }

  /**
   * Reads the host again after the kernel bound, added or removed a device. An action that is under way does so by
   * itself.
   */
  deviceChanged(): void {
    if (this.studio?.session.host.kind !== 'real') return
    this.studio.refreshInBackground().catch((thrown: unknown) => note(problemOf(thrown).message))
  }

  /**
   * Judges again whether this user can change the host, and has the window say so after a helper came, went or was
   * updated.
   */
  async renewPrivilege(): Promise<void> {
    if (this.studio !== null && (await this.studio.session.privilege.renew())) this.tell()
  }

  /** Closes a guest's screen: the window that read it is gone. */
  windowClosed(): void {
    this.screens.closeAll()
  }

  /** Runs an action to its end. What the phase already shows is not reported twice; anything else is thrown. */
  async act(action: (studio: Studio) => Promise<unknown>): Promise<null> {
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
