import { z } from 'zod'
import { newVmName } from '../base/new-vm-name.ts'
import type { problem } from '../base/problem.ts'
import { vmName } from '../base/vm-name.ts'
import { bdfAddress } from '../facts/pci.ts'
import { accountPassword } from '../vm/answers/names.ts'
import { vmDisc } from '../vm/disc.ts'
import { diskSnapshots, snapshotName } from '../vm/disk-snapshots.ts'
import { screenBytes, screenId, screenLine } from '../vm/screen.ts'
import { vmLog, vmUsage } from '../vm/usage.ts'
import { choices } from '../wizard/choices.ts'
import { guestReach } from '../wizard/display.ts'
import { stepId } from '../wizard/step-id.ts'
import { deviceRow } from './device-row.ts'
import { diagnosis, diagnosisRequest } from './diagnosis.ts'
import { driversView } from './driver-row.ts'
import { aboutView } from './helper-view.ts'
import { picture, pngPicture } from './picture.ts'
import { progress, runLog } from './progress.ts'
import { reportView } from './report.ts'
import { journalRow, snapshot } from './snapshot.ts'
import { topology } from './topology.ts'

const nothing = z.null()

/**
 * Everything the window may ask of main, in groups. One line gives the handler in main (`app/handlers`), what the page
 * calls, and the validation of both directions. Example: `'plan.apply'` is `call('plan.apply', { planId, typed })`.
 */
export const calls = {
  /** Restarts the program, after an update. */
  'app.restart': { input: nothing, output: nothing },
  /** What this program is, and which helper makes its changes. */
  'app.about': { input: nothing, output: aboutView },
  /** Installs the helper of this checkout as `about` has shown it last; asks for a password. */
  'app.installHelper': { input: nothing, output: aboutView },
  /** Takes it out again; asks for a password. */
  'app.removeHelper': { input: nothing, output: aboutView },
  'app.copyText': { input: z.string().max(1_000_000), output: nothing },

  'host.snapshot': { input: nothing, output: snapshot },
  /** What the helper has said since the action began that is under way, or was last. */
  'host.log': { input: nothing, output: runLog },
  'host.recheck': { input: nothing, output: nothing },
  /** Lets root read the boot menu for this user, then looks again. */
  'host.readBootMenu': { input: nothing, output: nothing },
  'host.reboot': { input: nothing, output: nothing },
  'host.use': { input: z.enum(['real', 'paper']), output: nothing },
  'host.dismissProblem': { input: nothing, output: nothing },

  'plan.choose': { input: choices, output: nothing },
  'plan.apply': {
    input: z.strictObject({
      planId: z.string(),
      typed: z.string().nullable(),
      /** Of the account in the guest, where the plan makes the disc that answers Windows' Setup. */
      password: accountPassword.nullable(),
    }),
    output: nothing,
  },
  'plan.undo': { input: stepId, output: nothing },
  'plan.undoAll': { input: nothing, output: nothing },
  /** Leaves a change as it is that could not be taken back. */
  'plan.leave': { input: z.strictObject({ tx: z.string(), index: z.number().int() }), output: nothing },
  /** Sets a journal aside whose lines bar changes. */
  'plan.setJournalAside': { input: nothing, output: nothing },
  'plan.confirmNetwork': { input: nothing, output: nothing },

  /** Turns the wizard to another VM. */
  'vms.select': { input: vmName, output: nothing },
  /** Adds a VM with nothing chosen yet, and turns to it. */
  'vms.add': { input: newVmName, output: nothing },
  /** Takes back what step 8 wrote for a VM that is not selected, and drops what was chosen for it. */
  'vms.forget': { input: vmName, output: nothing },
  /** Starts a VM, which is the selected one from then on. */
  'vms.start': { input: vmName, output: nothing },
  'vms.shutDown': { input: vmName, output: nothing },
  'vms.forceOff': { input: vmName, output: nothing },
  /** Starts the guest over, as its reset button does. */
  'vms.reset': { input: vmName, output: nothing },
  /** What lies in the drives of the selected VM; none while it is off. */
  'vms.discs': { input: nothing, output: z.array(vmDisc) },
  'vms.changeDisc': { input: z.strictObject({ name: vmName, disc: vmDisc }), output: nothing },
  /** Asks the running guest what it sees of its card. */
  'vms.prove': { input: nothing, output: nothing },
  /** Counters of the running VM; null: nothing really runs on this host. */
  'vms.usage': { input: nothing, output: vmUsage.nullable() },
  'vms.log': { input: nothing, output: vmLog },
  /** Whether the guest's port of the chosen way to see it answers now. */
  'vms.guestReach': { input: nothing, output: guestReach },
  /** Opens the program of this host that shows the guest; the snapshot names it. */
  'vms.openViewer': { input: nothing, output: nothing },

  /** Snapshots of the VM's disk, or why there can be none just now. */
  'snapshots.list': { input: nothing, output: diskSnapshots },
  'snapshots.take': { input: snapshotName, output: nothing },
  /** Keeps the present state as one more snapshot first. */
  'snapshots.goBack': { input: snapshotName, output: nothing },
  'snapshots.remove': { input: snapshotName, output: nothing },

  /** Opens a line to the guest's screen; a former one is closed. */
  'console.open': { input: nothing, output: screenLine },
  /** The next bytes of that line, once there are some; null: it has ended. No more is read than is asked for. */
  'console.read': { input: screenId, output: screenBytes.nullable() },
  'console.write': { input: z.strictObject({ id: screenId, bytes: screenBytes }), output: nothing },
  'console.close': { input: screenId, output: nothing },
  /** Asks where to, and answers with the path; null when the dialog was closed. */
  'console.savePicture': { input: pngPicture, output: z.string().nullable() },

  'hardware.devices': { input: nothing, output: z.array(deviceRow) },
  /** What `lspci -nnvvk` says of one function, or `-nnk` where only that was recorded; null without lspci. */
  'hardware.lspci': { input: bdfAddress, output: z.string().nullable() },
  'hardware.drivers': { input: nothing, output: driversView },
  'hardware.topology': { input: nothing, output: topology },
  /** Asks where to, and answers with the path; null when the admin closed the dialog. */
  'hardware.saveTopology': { input: picture, output: z.string().nullable() },

  'changes.journal': { input: nothing, output: z.array(journalRow) },
  /** What to do when the host does not come back, as plain text; null while nothing is in force. */
  'changes.recoverySheet': { input: nothing, output: z.string().nullable() },
  /** Asks where to, and answers with the path; null when the admin closed the dialog. */
  'changes.saveRecoverySheet': { input: nothing, output: z.string().nullable() },

  /** Recognises known failures in a pasted text or in a log of this host. */
  'help.diagnose': { input: diagnosisRequest, output: diagnosis },
  /** Reads the host again and makes a redacted report of it; what is looked through and saved is this one. */
  'help.report': { input: nothing, output: reportView },
  /** Redacted text of one part of the report that was made last; null when there is no such part. */
  'help.reportPart': { input: z.number().int(), output: z.string().nullable() },
  /** Asks where to, and answers with the path; null when the admin closed the dialog. */
  'help.saveReport': { input: nothing, output: z.string().nullable() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

/** What main sends to the window by itself. */
export const events = {
  /** Everything the window shows was derived again. */
  snapshot,
  /** An action goes on: its phase, and what the helper has said since the last time. */
  progress,
  /** Main asks for a page, e.g. from the tray. */
  page: z.enum(['console']),
} as const

export type CallName = keyof typeof calls
export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['input']>
export type CallOutput<N extends CallName> = z.infer<(typeof calls)[N]['output']>
export type EventName = keyof typeof events
export type EventOf<N extends EventName> = z.infer<(typeof events)[N]>

/** Only `message` of an error survives Electron's invoke, so results travel in an envelope. */
export type Envelope<T> = { ok: true; value: T } | { ok: false; problem: z.infer<typeof problem> }

/** What the preload puts on `window.studio`. Main checks the name and parses the input; the page parses events. */
export interface StudioApi {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Envelope<CallOutput<N>>>
  on(event: EventName, listener: (value: unknown) => void): () => void
}
