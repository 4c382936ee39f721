import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron'
import type { AppController } from '#app/controller.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import { CALL_CHANNEL, EVENT_CHANNELS } from '#shared/ipc/channels.ts'
import { logWith, type Progress } from '#shared/ipc/progress.ts'
import type { Envelope, EventName, EventOf } from '#shared/ipc/schema.ts'
import { PAGE_ORIGIN } from './page.ts'

/** Answers the page's calls: sender checked, name, input and output checked, errors as problems. */
export function serveCalls(app: AppController): void {
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, input: unknown) => answer(app, event, String(name), input))
}

async function answer(
  app: AppController,
  event: IpcMainInvokeEvent,
  name: string,
  input: unknown,
): Promise<Envelope<unknown>> {
  try {
    assertOurPage(event)
    return { ok: true, value: await app.perform(name, input) }
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) }
  }
}

/** Throws unless the caller is the top frame of our own page. */
function assertOurPage(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame
  if (frame !== null && frame.parent === null && frame.url.startsWith(`${PAGE_ORIGIN}/`)) return
  throw new ProblemError('refused', 'A call came from a page that is not ours.', { hint: 'Start the program again.' })
}

function send<N extends EventName>(window: BrowserWindow | null, name: N, value: EventOf<N>): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(EVENT_CHANNELS[name], value)
}

/**
 * Sends what an action says, then a new snapshot, each at most once a turn of the event loop. In this order: a snapshot
 * holds the newest phase, which an older word of the action must not replace.
 */
export function pushEvents(app: AppController, window: () => BrowserWindow | null): void {
  let progress: Progress | null = null
  let changed = false
  const flush = onceATurn(() => {
    if (progress !== null) send(window(), 'progress', progress)
    const snapshot = changed ? app.snapshot() : null
    if (snapshot !== null) send(window(), 'snapshot', snapshot)
    progress = null
    changed = false
  })
  app.onChange(() => {
    changed = true
    flush()
  })
  app.onProgress((news) => {
    const joined = progress?.log.run === news.log.run ? logWith(progress.log, news.log.lines) : news.log
    progress = { phase: news.phase, log: joined }
    flush()
  })
}

function onceATurn(work: () => void): () => void {
  let due = false
  return () => {
    if (due) return
    due = true
    setImmediate(() => {
      due = false
      work()
    })
  }
}

/** Asks the window for a page, at the latest when it has loaded. */
export function askForPage(window: BrowserWindow, page: EventOf<'page'>): void {
  const ask = () => send(window, 'page', page)
  if (window.webContents.isLoading()) window.webContents.once('did-finish-load', ask)
  else ask()
}
