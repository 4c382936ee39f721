import { once } from 'node:events'
import { type Socket, createConnection } from 'node:net'
import { ProblemError } from '../../shared/problem.ts'
import { type QmpArguments, type QmpCommand, qmpError, qmpGreeting, qmpReturn } from './messages.ts'

/** QEMU's longest answers here are a few hundred bytes; more than this is not QEMU. */
const MAX_MESSAGE = 1_048_576

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** One QMP session on a unix socket: greeting, capabilities, then commands answered by id. Events are skipped. */
export class QmpClient {
  private readonly socket: Socket
  private readonly limitMs: number
  private readonly waiting = new Map<number, Waiting>()
  private rest = ''
  private nextId = 1

  private constructor(socket: Socket, limitMs: number) {
    this.socket = socket
    this.limitMs = limitMs
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => this.receive(String(chunk)))
    socket.on('close', () => this.fail(new ProblemError('vm', 'QEMU closed its control socket.')))
    socket.on('error', (cause) =>
      this.fail(new ProblemError('vm', `The control socket failed: ${cause.message}`, { cause })),
    )
  }

  /** Connects and negotiates. Throws `vm` when nobody listens, or no greeting comes within `limitMs`. */
  static async connect(path: string, limitMs: number): Promise<QmpClient> {
    const socket = createConnection(path)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(limitMs) })
    } catch (cause) {
      socket.destroy()
      throw new ProblemError('vm', `Nobody listens on ${path}.`, { hint: 'The VM is off.', cause })
    }
    const client = new QmpClient(socket, limitMs)
    try {
      qmpGreeting.parse(await client.answerTo(0))
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
    this.socket.write(`${JSON.stringify({ execute: name, id, arguments: args[0] })}\n`)
    const message = await answer
    const refusal = qmpError.safeParse(message)
    if (refusal.success) throw new ProblemError('vm', `QEMU refused ${name}: ${refusal.data.error.desc}`)
    return qmpReturn.parse(message).return
  }

  close(): void {
    this.socket.destroy()
  }

  /** Promise of the message with this id; 0 stands for the greeting, which has none. */
  private answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.fail(new ProblemError('vm', `QEMU did not answer within ${this.limitMs / 1000} s.`)),
        this.limitMs,
      )
      const done = () => clearTimeout(timer)
      this.waiting.set(id, {
        resolve: (value) => {
          done()
          resolve(value)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      })
    })
  }

  private receive(chunk: string): void {
    this.rest += chunk
    if (this.rest.length > MAX_MESSAGE) this.fail(new ProblemError('vm', 'The control socket does not speak QMP.'))
    let end = this.rest.indexOf('\n')
    while (end >= 0) {
      const line = this.rest.slice(0, end).trim()
      this.rest = this.rest.slice(end + 1)
      if (line !== '') this.dispatch(line)
      end = this.rest.indexOf('\n')
    }
  }

  private dispatch(line: string): void {
    const message = parseJson(line)
    if (typeof message !== 'object' || message === null) {
      this.fail(new ProblemError('vm', 'The control socket does not speak QMP.', { detail: line.slice(0, 200) }))
      return
    }
    if ('event' in message) return
    const id = 'QMP' in message ? 0 : 'id' in message && typeof message.id === 'number' ? message.id : -1
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    waiting?.resolve(message)
  }

  private fail(error: ProblemError): void {
    const all = [...this.waiting.values()]
    this.waiting.clear()
    this.rest = ''
    all.forEach((waiting) => waiting.reject(error))
    this.socket.destroy()
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null
  }
}

/** Runs a few commands in a session of their own: QEMU serves one client at a time, so nobody keeps the line. */
export async function withQmp<T>(path: string, limitMs: number, work: (client: QmpClient) => Promise<T>): Promise<T> {
  const client = await QmpClient.connect(path, limitMs)
  try {
    return await work(client)
  } finally {
    client.close()
  }
}
