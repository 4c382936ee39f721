import type { Socket } from 'node:net'
import { connectUsers } from '#host/users-socket.ts'
import { jsonOrNull } from '#shared/base/json.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { type QmpArguments, type QmpCommand, qmpError, qmpGreeting, qmpReturn } from './messages.ts'

const ASK_AGAIN = 'Try again; if it stays so, look at the VM’s log, or force it off.'

/** QEMU's longest answers here are some ten thousand bytes; a longer line is not QEMU's. */
const MAX_LINE = 1_048_576

/** Who hears of QEMU's events, and of the end of the session. */
export interface QmpListener {
  event(name: string): void
  ended(): void
}

const NOBODY: QmpListener = { event: () => undefined, ended: () => undefined }

interface Waiting {
  resolve: (value: object) => void
  reject: (error: Error) => void
}

/** One QMP session on a unix socket: greeting, capabilities, then commands answered by id, and events as they come. */
export class QmpClient {
  private readonly socket: Socket
  private readonly limitMs: number
  private readonly listener: QmpListener
  private readonly waiting = new Map<number, Waiting>()
  /** Pieces of a line whose end has not come. */
  private rest: string[] = []
  private restLength = 0
  private nextId = 1
  /** Why this session is over; null: it is not. */
  private over: ProblemError | null = null

  private constructor(socket: Socket, limitMs: number, listener: QmpListener) {
    this.socket = socket
    this.listener = listener
    this.limitMs = limitMs
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => this.receive(String(chunk)))
    socket.on('close', () =>
      this.fail(
        new ProblemError('vm-off', 'QEMU closed its control socket.', { hint: 'The VM has ended; its log says why.' }),
      ),
    )
    socket.on('error', (cause) =>
      this.fail(new ProblemError('qmp', `The control socket failed: ${cause.message}`, { cause, hint: ASK_AGAIN })),
    )
  }

  /** Connects and negotiates. Throws `vm-off`, `qmp` when nobody listens, or no greeting comes within `limitMs`. */
  static async connect(path: string, limitMs: number, listener: QmpListener = NOBODY): Promise<QmpClient> {
    const socket = await connectUsers(path, limitMs).catch((cause: unknown) => {
      throw new ProblemError('vm-off', `Nobody listens on ${path}.`, { hint: 'The VM is off.', cause })
    })
    const client = new QmpClient(socket, limitMs, listener)
    try {
      client.expect(qmpGreeting.safeParse(await client.answerTo(0)).success)
      await client.command('qmp_capabilities')
      return client
    } catch (thrown) {
      client.close()
      throw thrown
    }
  }

  /** Sends one command and returns what it returned; a refusal by QEMU becomes a `vm` problem with its words. */
  async command<N extends QmpCommand>(name: N, ...args: QmpArguments<N>): Promise<unknown> {
    const id = this.nextId++
    const answer = this.answerTo(id)
    if (this.over === null) this.socket.write(`${JSON.stringify({ execute: name, id, arguments: args[0] })}\n`)
    const message = await answer
    const refusal = qmpError.safeParse(message)
    if (refusal.success)
      throw new ProblemError('qmp', `QEMU refused ${name}: ${refusal.data.error.desc}`, {
        hint: 'Diagnose knows many of QEMU’s words.',
      })
    const returned = qmpReturn.safeParse(message)
    this.expect(returned.success && 'return' in message)
    return returned.data?.return
  }

  close(): void {
    this.socket.destroy()
  }

  /** Waits for the message with this id; 0 stands for the greeting, which has none. */
  private answerTo(id: number): Promise<object> {
    if (this.over !== null) return Promise.reject(this.over)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          this.fail(
            new ProblemError('qmp', `QEMU did not answer within ${this.limitMs / 1000} s.`, { hint: ASK_AGAIN }),
          ),
        this.limitMs,
      )
      this.waiting.set(id, {
        resolve: (value) => {
          clearTimeout(timer)
          resolve(value)
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      })
    })
  }

  private receive(chunk: string): void {
    const [first = '', ...others] = chunk.split('\n')
    this.keep(first)
    for (const piece of others) {
      const line = this.rest.join('').trim()
      this.rest = []
      this.restLength = 0
      if (line !== '') this.dispatch(line)
      this.keep(piece)
    }
  }

  private keep(piece: string): void {
    // Bytes that were on their way when the session ended.
    if (this.over !== null) return
    this.restLength += piece.length
    if (this.restLength > MAX_LINE) this.protocolViolation(piece)
    else this.rest.push(piece)
  }

  private dispatch(line: string): void {
    if (this.over !== null) return
    const message = jsonOrNull(line)
    if (typeof message !== 'object' || message === null) this.protocolViolation(line)
    else if ('event' in message) this.listener.event(String(message.event))
    else this.deliver(message)
  }

  private deliver(message: object): void {
    const id = 'QMP' in message ? 0 : 'id' in message && typeof message.id === 'number' ? message.id : null
    // QEMU gives an error no id when it could not read the command at all; commands are answered in order.
    const at = id ?? ('error' in message ? Math.min(...this.waiting.keys()) : -1)
    const waiting = this.waiting.get(at)
    this.waiting.delete(at)
    waiting?.resolve(message)
  }

  /** Ends the session with a peer that does not keep to the protocol. */
  private expect(kept: boolean): void {
    if (!kept) throw this.protocolViolation('')
  }

  private protocolViolation(seen: string): ProblemError {
    const problem = new ProblemError('qmp', 'The control socket does not speak QMP.', {
      detail: seen.slice(0, 200),
      hint: ASK_AGAIN,
    })
    this.fail(problem)
    return problem
  }

  private fail(error: ProblemError): void {
    if (this.over !== null) return
    this.over = error
    const all = [...this.waiting.values()]
    this.waiting.clear()
    this.rest = []
    all.forEach((waiting) => waiting.reject(error))
    this.socket.destroy()
    this.listener.ended()
  }
}

/** Runs a few commands in a session of their own: QEMU serves one client at a time, so none keeps it. */
export async function withQmp<T>(path: string, limitMs: number, work: (client: QmpClient) => Promise<T>): Promise<T> {
  const client = await QmpClient.connect(path, limitMs)
  try {
    return await work(client)
  } finally {
    client.close()
  }
}
