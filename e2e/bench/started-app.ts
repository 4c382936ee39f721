import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { findRuntime } from '#tools/runtime.mjs'

export const STUDIO = join(import.meta.dirname, '../..')
export const BARE = join(import.meta.dirname, 'bare')

const LIMIT_MS = 60_000
const TRIES_EVERY_MS = 100
/** Longer than any start takes on a desk; pages keep what they painted, and tell it later. */
const STARTED_MS = 4_000

const answer = z.looseObject({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
})
const targets = z.looseObject({
  targetInfos: z.array(z.looseObject({ targetId: z.string(), type: z.string(), title: z.string() })),
})
const session = z.looseObject({ sessionId: z.string() })
const evaluated = z.looseObject({
  result: z.looseObject({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
})

/**
 * An Electron app started as a user would. Nothing is attached until its page is asked, and then by Chromium's own
 * pipe (`--remote-debugging-pipe`: JSON messages that end in a zero byte), so that start-up is what it is.
 */
export class StartedApp {
  /** Unix time in milliseconds at which the process was started. */
  readonly startedAt = Date.now()
  private readonly child: ChildProcess
  private readonly profile: string
  private readonly waiting = new Map<number, (result: unknown) => void>()
  private sent = 0
  private unread = ''

  private constructor(executable: string, args: readonly string[], profile: string) {
    this.profile = profile
    this.child = spawn(executable, args, {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...env, XDG_CONFIG_HOME: profile },
    })
    const heard = this.child.stdio[4] as Readable
    heard.setEncoding('utf8').on('data', (text: string) => this.hear(text))
  }

  static async start(app: string, switches: readonly string[] = []): Promise<StartedApp> {
    const { executable } = await findRuntime()
    const profile = await mkdtemp(join(tmpdir(), 'bench-'))
    const root = getuid?.() === 0 ? ['--no-sandbox'] : []
    const own = [`--user-data-dir=${join(profile, 'data')}`, '--remote-debugging-pipe', ...root]
    return new StartedApp(executable, [app, ...switches, ...own], profile)
  }

  private hear(text: string): void {
    const messages = (this.unread + text).split('\0')
    this.unread = messages.pop() ?? ''
    for (const message of messages) {
      const { id, result, error } = answer.parse(JSON.parse(message))
      if (id !== undefined) this.waiting.get(id)?.(error ?? result)
    }
  }

  private ask(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    this.sent += 1
    const id = this.sent
    const said = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, resolve)
      setTimeout(reject, LIMIT_MS, new Error(`${method} was not answered in time`)).unref()
    })
    const pipe = this.child.stdio[3] as Writable
    pipe.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    return said
  }

  /** The window's page, when start-up is over: what is asked of an earlier document would be lost with it. */
  private async page(): Promise<string> {
    await sleep(Math.max(0, this.startedAt + STARTED_MS - Date.now()))
    const deadline = Date.now() + LIMIT_MS
    while (Date.now() < deadline) {
      const { targetInfos } = targets.parse(await this.ask('Target.getTargets'))
      const found = targetInfos.find(({ type, title }) => type === 'page' && title !== '')
      if (found !== undefined) return found.targetId
      await sleep(TRIES_EVERY_MS)
    }
    throw new Error('no window opened')
  }

  /** Runs a function of no arguments in the window's page, and gives what it leads to. */
  async ofPage<T>(work: () => Promise<T>): Promise<T> {
    const attached = await this.ask('Target.attachToTarget', { targetId: await this.page(), flatten: true })
    const { sessionId } = session.parse(attached)
    const params = { expression: `(${work.toString()})()`, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = evaluated.parse(await this.ask('Runtime.evaluate', params, sessionId))
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result.value as T
  }

  /** Process id of the main process. */
  get pid(): number {
    return this.child.pid ?? -1
  }

  async end(): Promise<void> {
    const ended = this.child.exitCode === null ? once(this.child, 'exit') : null
    this.child.kill('SIGTERM')
    await ended
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}
