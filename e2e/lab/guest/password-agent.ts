import { type ChildProcess, spawn } from 'node:child_process'

/** What polkit's own agent says when it wants a password, and before that for what. */
const PROMPT = 'Password: '
const ASKED = /==== AUTHENTICATING FOR (\S+?) ?===+\s+([^\n]*?)\r?\n/gu

/**
 * polkit's own agent for terminals (pkttyagent(1)) on a terminal of its own, and somebody who types an administrator's
 * password there. Registered for one process, whose pkexec asks.
 */
export class PasswordAgent {
  private readonly agent: ChildProcess
  private readonly password: string
  private said = ''
  private answered = 0

  constructor(pid: number, password: string) {
    this.password = password
    // script(1) gives it a terminal; what is written to its input is typed there.
    this.agent = spawn('script', ['-qfec', `pkttyagent --process ${pid}`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.agent.stdout?.on('data', (chunk: Buffer) => this.hear(chunk.toString('utf8')))
  }

  private hear(text: string): void {
    this.said += text
    const prompts = this.said.split(PROMPT).length - 1
    if (prompts <= this.answered) return
    this.answered = prompts
    this.agent.stdin?.write(`${this.password}\n`)
  }

  /** Each dialog so far: the action that was asked for, and the sentence that was shown. */
  dialogs(): { action: string; message: string }[] {
    return [...this.said.matchAll(ASKED)].map(([, action = '', message = '']) => ({ action, message }))
  }

  close(): void {
    this.agent.kill()
  }
}
