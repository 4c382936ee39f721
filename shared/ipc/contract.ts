import { z } from 'zod'
import { type problem } from '../base/problem.ts'
import { bdfAddress } from '../facts/pci.ts'
import { diskSnapshots, snapshotName } from '../vm/disk-snapshots.ts'
import { guestReach } from '../vm/display.ts'
import { screenBytes, screenId, screenLine } from '../vm/screen.ts'
import { vmLog, vmUsage } from '../vm/usage.ts'
import { vmName } from '../vm/vm.ts'
import { choices } from '../wizard/choices.ts'
import { stepId } from '../wizard/step-id.ts'
import type { AskedPage, CallName } from './call-names.ts'
import { deviceRow } from './device-row.ts'
import { diagnosis, diagnosisRequest } from './diagnosis.ts'
import { driversView } from './driver-row.ts'
import { aboutView } from './helper-view.ts'
import { picture, pngPicture } from './picture.ts'
import { reportView } from './report.ts'
import { journalRow, snapshot } from './snapshot.ts'
import { topology } from './topology.ts'

const nothing = z.null()

/**
 * Everything the window may ask of main: one line gives the handler in main, the method in the window
 * and the validation of both directions. Example: `stepApply` makes `window.studio.stepApply({planId, typed})`.
 */
export const calls = {
  snapshot: { input: nothing, output: snapshot },
  recheck: { input: nothing, output: nothing },
  choose: { input: choices, output: nothing },
  stepApply: { input: z.strictObject({ planId: z.string(), typed: z.string().nullable() }), output: nothing },
  stepUndo: { input: stepId, output: nothing },
  undoAll: { input: nothing, output: nothing },
  keepNetwork: { input: nothing, output: nothing },
  /** Lets root read the boot menu for this user, then looks again. */
  readClosed: { input: nothing, output: nothing },
  reboot: { input: nothing, output: nothing },
  dismissProblem: { input: nothing, output: nothing },
  useHost: { input: z.enum(['real', 'paper']), output: nothing },
  /** Turns the wizard to another VM. */
  vmSelect: { input: vmName, output: nothing },
  /** Adds a VM with nothing chosen yet, and turns to it. */
  vmAdd: { input: vmName, output: nothing },
  /** Takes back what step 8 wrote for a VM that is not selected, and drops what was chosen for it. */
  vmForget: { input: vmName, output: nothing },
  /** Starts a VM, which is the selected one from then on. */
  vmStart: { input: vmName, output: nothing },
  vmShutDown: { input: vmName, output: nothing },
  vmForceOff: { input: vmName, output: nothing },
  /** Asks the running guest what it sees of its card. */
  vmProve: { input: nothing, output: nothing },
  journal: { input: nothing, output: z.array(journalRow) },
  /** What to do when the host does not come back, as plain text; null while nothing is in force. */
  recoverySheet: { input: nothing, output: z.string().nullable() },
  devices: { input: nothing, output: z.array(deviceRow) },
  /** What `lspci -nnvvk` says of one function, or `-nnk` where only that was recorded; null without lspci. */
  lspciOf: { input: bdfAddress, output: z.string().nullable() },
  drivers: { input: nothing, output: driversView },
  topology: { input: nothing, output: topology },
  /** Asks where to, and answers with the path; null when the admin closed the dialog. */
  savePicture: { input: picture, output: z.string().nullable() },
  copyText: { input: z.string().max(1_000_000), output: nothing },
  /** Asks where to, and answers with the path; null when the admin closed the dialog. */
  saveRecoverySheet: { input: nothing, output: z.string().nullable() },
  /** What this program is, and which helper makes its changes. */
  about: { input: nothing, output: aboutView },
  /** Installs the helper of this checkout as `about` has shown it last; asks for a password. */
  helperInstall: { input: nothing, output: aboutView },
  /** Takes it out again; asks for a password. */
  helperRemove: { input: nothing, output: aboutView },
  /** Starts the program anew, after an update. */
  restart: { input: nothing, output: nothing },
  /** Whether the guest's port of the chosen way to see it answers now. */
  guestReach: { input: nothing, output: guestReach },
  /** Opens the program of this host that shows the guest; the snapshot names it. */
  viewerOpen: { input: nothing, output: nothing },
  /** Recognises known failures in a pasted text or in a log of this host. */
  diagnose: { input: diagnosisRequest, output: diagnosis },
  /** Reads the host anew and makes a redacted report of it; what is looked through and saved is this one. */
  report: { input: nothing, output: reportView },
  /** Redacted text of one part of the report that was made last; null when there is no such part. */
  reportPart: { input: z.number().int(), output: z.string().nullable() },
  /** Asks where to, and answers with the path; null when the admin closed the dialog. */
  saveReport: { input: nothing, output: z.string().nullable() },
  /** Opens a line to the guest's screen; a former one is closed. */
  screenOpen: { input: nothing, output: screenLine },
  /** The next bytes of that line, once there are some; null: it has ended. No more is read than is asked for. */
  screenRead: { input: screenId, output: screenBytes.nullable() },
  screenWrite: { input: z.strictObject({ id: screenId, bytes: screenBytes }), output: nothing },
  screenClose: { input: screenId, output: nothing },
  /** Counters of the running VM; null: nothing really runs on this host. */
  vmUsage: { input: nothing, output: vmUsage.nullable() },
  vmLog: { input: nothing, output: vmLog },
  /** Snapshots of the VM's disk, or why there can be none just now. */
  snapshots: { input: nothing, output: diskSnapshots },
  snapshotTake: { input: snapshotName, output: nothing },
  /** Keeps the present state as one more snapshot first. */
  snapshotGoBack: { input: snapshotName, output: nothing },
  snapshotRemove: { input: snapshotName, output: nothing },
  /** Asks where to, and answers with the path; null when the dialog was closed. */
  saveScreenshot: { input: pngPicture, output: z.string().nullable() },
} as const satisfies Record<CallName, { input: z.ZodType; output: z.ZodType }>

export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['input']>
export type CallOutput<N extends CallName> = z.infer<(typeof calls)[N]['output']>

/** Only `message` of an error survives Electron's invoke, so results travel in an envelope. */
export type Envelope<T> = { ok: true; value: T } | { ok: false; problem: z.infer<typeof problem> }

export type StudioCalls = {
  [N in CallName]: (input: CallInput<N>) => Promise<Envelope<CallOutput<N>>>
}

/** What the preload puts on `window.studio`. */
export type StudioApi = StudioCalls & {
  onSnapshot: (listener: (value: unknown) => void) => () => void
  onPage: (listener: (page: AskedPage) => void) => () => void
}
