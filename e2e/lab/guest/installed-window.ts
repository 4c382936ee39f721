import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { attachWindow } from '#e2e/window/frame/open-window.ts'
import type { StudioWindow } from '#e2e/window/frame/studio-window.ts'
import { PROGRAM } from './designer.ts'

const PORT = 9333
const LIMIT_MS = 300_000
/** The window's own process, not one of Chromium's that it starts. */
const MAIN = /^\/usr\/lib\/passthrough-studio\/passthrough-studio(?!.*--type=)/u

/** Process ids of all windows' main processes. */
export async function mainProcesses(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => MAIN.test((lines[index] ?? '').replaceAll('\0', ' '))).map(Number)
}

/** What makes a window one that can be clicked by a test. */
export const CLICKABLE = `--remote-debugging-port=${PORT}`

/** Waits until `program` has brought up the one window, and takes hold of it. Returns it with its process id. */
async function opened(program: string, args: readonly string[]): Promise<{ studio: StudioWindow; pid: number }> {
  spawn(program, args, { stdio: 'inherit' })
  const studio = await attach()
  const [pid = -1] = await mainProcesses()
  return { studio, pid }
}

/** Takes hold of the window that somebody has started, once it is there. */
export async function attach(): Promise<StudioWindow> {
  await answering()
  return attachWindow(PORT)
}

/** Starts the installed program as its menu entry does, with a port to be clicked by. */
export function openInstalled(): Promise<{ studio: StudioWindow; pid: number }> {
  return opened(PROGRAM, [CLICKABLE])
}

/** Starts what a desktop would start at login, by the desktop's own library. */
export function openAutostarted(entry: string): Promise<{ studio: StudioWindow; pid: number }> {
  return opened('gio', ['launch', entry])
}

/** What Chromium says of its pages; empty while nothing answers. Without fetch, whose WebAssembly crashes Node here. */
function listing(): Promise<string> {
  return new Promise((resolve) => {
    const asked = get(`http://127.0.0.1:${PORT}/json/list`, (answer) => {
      text(answer).then(resolve, () => {
        resolve('')
      })
    })
    asked.on('error', () => {
      resolve('')
    })
  })
}

async function answering(): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  for (;;) {
    if ((await listing()).includes('studio://')) return
    if (Date.now() > deadline) throw new Error('no window came up')
    await sleep(500)
  }
}

/** Starts the program once more and tells how that ended, and how many windows there are then. */
export async function startAgain(): Promise<{ exitCode: number | null; windows: number }> {
  const second = spawn(PROGRAM, [], { stdio: 'inherit' })
  const exitCode = await new Promise<number | null>((resolve) => second.on('exit', resolve))
  return { exitCode, windows: (await mainProcesses()).length }
}
