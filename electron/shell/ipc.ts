import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron'
import type { AppController } from '#app/desk.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import {
  type AskedPage,
  CALL_NAMES,
  callChannel,
  type CallName,
  PAGE_CHANNEL,
  SNAPSHOT_CHANNEL,
} from '#shared/ipc/call-names.ts'
import { calls, type Envelope } from '#shared/ipc/contract.ts'
import { PAGE_ORIGIN } from './page.ts'

/** Registers every call of the contract: sender checked, input and output parsed, errors as problems. */
export function serveCalls(desk: AppController): void {
  for (const name of CALL_NAMES)
    ipcMain.handle(callChannel(name), (event, input: unknown) => answer(desk, name, event, input))
}

async function answer(
  desk: AppController,
  name: CallName,
  event: IpcMainInvokeEvent,
  input: unknown,
): Promise<Envelope<unknown>> {
  try {
    assertOurPage(event)
    return { ok: true, value: await perform(desk, name, input) }
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) }
  }
}

async function perform(desk: AppController, name: CallName, input: unknown): Promise<unknown> {
  const { input: asked, output } = calls[name]
  return output.parse(await desk.perform(name, asked.parse(input)))
}

/** Only the top frame of our own page may call. */
function assertOurPage(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame
  if (frame !== null && frame.parent === null && frame.url.startsWith(`${PAGE_ORIGIN}/`)) return
  throw new ProblemError('refused', 'A call came from a page that is not ours.', { hint: 'Start the program again.' })
}

/** Sends a new snapshot at most once a turn of the event loop, however often the engine changed. */
export function pushSnapshots(desk: AppController, window: () => BrowserWindow | null): void {
  let due = false
  desk.onChange(() => {
    if (due) return
    due = true
    setImmediate(() => {
      due = false
      const snapshot = desk.snapshot()
      const target = window()
      if (snapshot !== null && target !== null && !target.isDestroyed())
        target.webContents.send(SNAPSHOT_CHANNEL, snapshot)
    })
  })
}

/** Asks the window for a page, at the latest when it has loaded. */
export function askForPage({ webContents }: BrowserWindow, page: AskedPage): void {
  const ask = () => webContents.send(PAGE_CHANNEL, page)
  if (webContents.isLoading()) webContents.once('did-finish-load', ask)
  else ask()
}
