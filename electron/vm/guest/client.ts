import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { connectUsers } from '#host/users-socket.ts'
import { jsonOrNull } from '#shared/base/json.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import { printable } from '#shared/facts/guest-report.ts'
import { type AgentCommand, agentError, agentReturn } from './messages.ts'

const ASK_AGAIN = 'Wait until the guest has started, then try again.'

/** The longest answer asked for is a list of drivers, some 100 kB in base64; more than this is not an answer. */
const MAX_BUFFER = 1_048_576

/**
 * Ahead of the answer to guest-sync-delimited, and sent by us to make the agent drop what it has half read:
 * a byte that occurs in no UTF-8 text (QEMU guest agent protocol reference, guest-sync-delimited).
 */
const SENTINEL = 0xff
const LINE_END = 0x0a

/** Nobody answers on the channel: the VM is off, its guest is not that far yet, or has no agent. */
export class AgentSilent extends ProblemError {
  constructor(message: string, cause?: unknown) {
    const hint =
      'The guest needs the package qemu-guest-agent; for Windows it is on the virtio-win disc. A starting guest needs a moment.'
    super('agent', message, { hint, cause })
  }
}

/**
 * One conversation with the agent of a guest over QEMU's unix socket. Answers carry no id, so each conversation begins
 * with a synchronisation, one command is under way at a time, and after a failure the conversation is over.
 */
export class GuestAgent {
  private readonly socket: Socket
  private readonly limitMs: number
  private buffer: Buffer = Buffer.alloc(0)
  private wake: () => void = () => undefined
  private failure: ProblemError | null = null

  private constructor(socket: Socket, limitMs: number) {
    this.socket = socket
    this.limitMs = limitMs
    socket.on('data', (chunk: Buffer) => this.receive(chunk))
    socket.on('close', () =>
      this.fail(
        new ProblemError('vm-off', 'QEMU closed the channel to the guest’s agent.', {
          hint: 'The VM has ended; its log says why.',
        }),
      ),
    )
    socket.on('error', (cause) =>
      this.fail(
        new ProblemError('agent', `The channel to the guest’s agent failed: ${cause.message}`, {
          cause,
          hint: ASK_AGAIN,
        }),
      ),
    )
  }

  /** Connects and synchronises. Throws AgentSilent when nobody listens, or no agent answers within `limitMs`. */
  static async connect(path: string, limitMs: number): Promise<GuestAgent> {
    const socket = await connectUsers(path, limitMs).catch((cause: unknown) => {
      throw new AgentSilent(`Nobody listens on ${path}.`, cause)
    })
    const agent = new GuestAgent(socket, limitMs)
    try {
      await agent.synchronise()
      return agent
    } catch (cause) {
      agent.close()
      throw new AgentSilent(problemOf(cause).message, cause)
    }
  }

  /** Passes over what others left in the channel, and what is no answer at all, until our own number comes back. */
  private async synchronise(): Promise<void> {
    const id = randomInt(1, 2 ** 31)
    const deadline = Date.now() + this.limitMs
    this.socket.write(Buffer.from([SENTINEL]))
    this.write({ execute: 'guest-sync-delimited', arguments: { id } })
    for (;;) {
      await this.take(SENTINEL, deadline)
      const answer = agentReturn.safeParse(jsonOrNull(await this.take(LINE_END, deadline)))
      if (answer.success && answer.data.return === id) return
    }
  }

  /** Sends one command and returns what it returned; a refusal by the agent becomes a `vm` problem with its words. */
  async command(name: AgentCommand, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.write({ execute: name, arguments: args })
    const line = await this.take(LINE_END, Date.now() + this.limitMs)
    const message = jsonOrNull(line)
    const refusal = agentError.safeParse(message)
    if (refusal.success)
      throw new ProblemError(
        'agent',
        `The guest’s agent refused ${name}: ${printable(refusal.data.error.desc, 2000)}`,
        { hint: 'The agent’s settings in the guest may forbid it.' },
      )
    const answer = agentReturn.safeParse(message)
    if (answer.success) return answer.data.return
    throw this.fail(notAnAgent(line))
  }

  close(): void {
    this.socket.destroy()
  }

  private write(message: unknown): void {
    this.socket.write(`${JSON.stringify(message)}\n`)
  }

  /** Takes the bytes before the next such byte, and that byte. */
  private async take(end: number, deadline: number): Promise<string> {
    for (;;) {
      const at = this.buffer.indexOf(end)
      if (at >= 0) {
        const text = this.buffer.subarray(0, at).toString('utf8')
        this.buffer = this.buffer.subarray(at + 1)
        return text
      }
      if (this.failure !== null) throw this.failure
      await this.more(deadline)
    }
  }

  /** Waits for the next bytes, or fails at the deadline. */
  private more(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const late = () =>
        this.fail(
          new ProblemError('agent', `The guest’s agent did not answer within ${this.limitMs / 1000} s.`, {
            hint: ASK_AGAIN,
          }),
        )
      const timer = setTimeout(late, Math.max(0, deadline - Date.now()))
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  private receive(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk])
    if (this.buffer.length > MAX_BUFFER) this.fail(notAnAgent(''))
    this.wake()
  }

  /** Ends the session with a failure; only the first one is reported. */
  private fail(failure: ProblemError): ProblemError {
    this.failure ??= failure
    this.buffer = Buffer.alloc(0)
    this.socket.destroy()
    this.wake()
    return failure
  }
}

function notAnAgent(line: string): ProblemError {
  return new ProblemError('agent', 'What answers in the guest is not QEMU’s agent.', {
    detail: printable(line, 200),
    hint: 'Install qemu-guest-agent in the guest, and nothing else on that channel.',
  })
}

/** Runs one conversation and ends it whatever happens: the channel serves one client at a time. */
export async function withAgent<T>(path: string, limitMs: number, work: (agent: GuestAgent) => Promise<T>): Promise<T> {
  const agent = await GuestAgent.connect(path, limitMs)
  try {
    return await work(agent)
  } finally {
    agent.close()
  }
}
