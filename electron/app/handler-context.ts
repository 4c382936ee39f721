import type { HelperPlan } from '#shared/ipc/helper-view.ts'
import type { Snapshot } from '#shared/ipc/snapshot.ts'
import type { ConsoleSessions } from './console/screen-lines.ts'
import type { Bundle } from './report/bundle.ts'
import type { Studio } from './studio.ts'

/** What only a desktop can do for the window. */
export interface Desktop {
  /** Asks the user for a place and writes there; the path, or null when the dialog was closed. */
  saveAs(name: string, content: string | Uint8Array): Promise<string | null>
  copy(text: string): Promise<void>
  /** Ends this program and starts what is installed now. */
  restart(): void
}

/** What the handlers of calls work with. */
export interface HandlerContext {
  readonly desktop: Desktop
  /** Where this program's bundles are. */
  readonly directory: string
  readonly screens: ConsoleSessions
  /** Throws `busy` while the first look at the host is under way. */
  readonly active: Studio
  /** What About has shown last: only that may be installed. */
  shownHelper: HelperPlan | null
  /** The report that was made last: what is looked through is what is saved. */
  bundle: Bundle | null
  open(where: string): Promise<void>
  snapshot(): Snapshot | null
  renewPrivilege(): Promise<void>
  act(action: (studio: Studio) => Promise<unknown>): Promise<null>
}
