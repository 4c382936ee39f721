import { type ChildProcess, spawn } from 'node:child_process'

/** What polkit's own agent says when it wants a password, how that ends, and what it says first: for what. */
const PROMPT = /Password: /gu
const ENDED = /==== AUTHENTICATION (COMPLETE|FAILED)/gu
const ASKED = /==== AUTHENTICATING FOR (\S+) ====[^\n]*\n(.*)/gu
/** Colours of a terminal (ECMA-48). */
const COLOURS = new RegExp(String.raw`${'\u001B'}\[[\d;]*m`, 'gu')
/** The agent throws away what was typed before it has switched the echo off, as it does a moment after the prompt. */
const TYPES_AFTER_MS = 3000

/**
 * polkit's own agent for terminals (pkttyagent(1)) on a terminal of its own, and somebody who types an administrator's
 * password there. Registered for one process, whose pkexec asks.
 */
export class PasswordAgent {
  private readonly agent: ChildProcess
  private readonly typing: NodeJS.Timeout
  private said = ''

  constructor(pid: number, password: string) {
    // script(1) gives it a terminal; what is written to its input is typed there.
    const words = ['-qfec', `pkttyagent --process ${pid}`, '/dev/null']
    this.agent = spawn('script', words, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.agent.stdout?.on('data', (chunk: Buffer) => {
      this.said += chunk.toString('utf8').replaceAll(COLOURS, '').replaceAll('\r', '')
    })
    this.typing = setInterval(() => {
      if (this.count(PROMPT) > this.count(ENDED)) this.agent.stdin?.write(`${password}\n`)
    }, TYPES_AFTER_MS)
  }

  private count(what: RegExp): number {
    return [...this.said.matchAll(what)].length
  }

  /** Each dialog so far: the action that was asked for, and the sentence that was shown. */
  dialogs(): { action: string; message: string }[] {
    return [...this.said.matchAll(ASKED)].map(([, action = '', message = '']) => ({ action, message }))
  }

  close(): void {
    clearInterval(this.typing)
    this.agent.kill()
  }
}
