import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, copyFile, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { env, kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { attachWindow } from '../window/frame/open-window.ts'
import type { StudioWindow } from '../window/frame/studio-window.ts'
import type { LinuxRoot } from './linux-root.ts'
import { descendants, type Process } from './processes.ts'

const LIMIT_MS = 120_000
const LIB = '/usr/lib/passthrough-studio/'

export interface OpenedWindow {
  studio: StudioWindow
  /** All processes of the program, the one that others came of first. */
  processes: Process[]
}

/** Starts the window in a root as a user of it, on this run's display, lets `use` look at it, and ends it. */
export async function withWindow(
  root: LinuxRoot,
  user: { id: string; home: string },
  use: (opened: OpenedWindow) => Promise<void>,
): Promise<void> {
  const port = await freePort()
  const words = ['passthrough-studio', `--remote-debugging-port=${port}`, '--studio-host=paper']
  const started = root.start(words, user.id, { HOME: user.home, ...(await display(root, user)) })
  let said = ''
  started.stdout?.on('data', (text: Buffer) => (said += text.toString()))
  started.stderr?.on('data', (text: Buffer) => (said += text.toString()))
  try {
    if (!(await answers(port, started))) throw new Error(`No window came up:\n${said}`)
    const studio = await attachWindow(port)
    const processes = (await descendants(started.pid ?? -1)).filter(({ words }) => words.startsWith(LIB))
    await use({ studio, processes })
  } finally {
    await end(started)
  }
}

/** What a program needs to open a window on the display this run was started with: its name, and its key. */
async function display(root: LinuxRoot, { id, home }: { id: string; home: string }): Promise<Record<string, string>> {
  const { DISPLAY, XAUTHORITY } = env
  if (DISPLAY === undefined || XAUTHORITY === undefined)
    throw new Error('There is no display with a key. Run this by: npm run test:package')
  const key = `${home}/.Xauthority`
  const [uid = 0, gid = 0] = id.split(':').map(Number)
  await mkdir(dirname(root.at(key)), { recursive: true })
  await copyFile(XAUTHORITY, root.at(key))
  await chmod(root.at(key), 0o600)
  await chown(root.at(key), uid, gid)
  return { DISPLAY, XAUTHORITY: key }
}

/** A port of this host that nobody listens on: a chroot has the same network. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Waits until the window's page can be talked to; false: the program ended, or takes too long. */
async function answers(port: number, started: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + LIMIT_MS
  while (Date.now() < deadline && started.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null)
    if (answer?.ok === true && (await answer.text()).includes('studio://')) return true
    await sleep(300)
  }
  return false
}

/** The first process of a namespace takes all others of it along, and the one outside ends when they have. */
async function end(started: ChildProcess): Promise<void> {
  if (started.exitCode !== null || started.signalCode !== null) return
  const ended = once(started, 'exit')
  const [first] = await descendants(started.pid ?? -1)
  if (first === undefined) started.kill('SIGKILL')
  else kill(first.pid, 'SIGKILL')
  await ended
}
