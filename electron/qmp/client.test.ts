import { mkdtemp } from 'node:fs/promises'
import { type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withQmp } from './client.ts'

const GREETING = '{"QMP":{"version":{},"capabilities":[]}}\n'

/** A peer on a unix socket that behaves as told. Returns its path. */
async function peer(behave: (socket: Socket) => void): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'qmp-')), 'sock')
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  server.unref()
  return path
}

/** Answers every command, with an event and another id's answer in between, cut into pieces. */
function polite(socket: Socket): void {
  socket.write(GREETING)
  socket.on('data', (chunk) => {
    for (const line of String(chunk).trim().split('\n')) {
      const { id, execute } = JSON.parse(line) as { id: number; execute: string }
      const answer =
        execute === 'cont'
          ? { id, error: { class: 'GenericError', desc: 'no' } }
          : { id, return: { status: 'running', running: true } }
      const text = `{"event":"STOP"}\n{"id":99,"return":{}}\n${JSON.stringify(answer)}\n`
      socket.write(text.slice(0, 20))
      setImmediate(() => socket.write(text.slice(20)))
    }
  })
}

const status = (path: string, limit = 2000) => withQmp(path, limit, (client) => client.command('query-status'))

describe('QMP', () => {
  it('negotiates and matches answers by id, past events and torn lines', async () => {
    expect(await status(await peer(polite))).toEqual({ status: 'running', running: true })
  })

  it('passes on QEMU’s refusal in its own words', async () => {
    const path = await peer(polite)
    await expect(withQmp(path, 2000, (client) => client.command('cont'))).rejects.toThrow('QEMU refused cont: no')
  })

  it.each([
    ['nobody listens', null, 'Nobody listens'],
    ['no greeting comes', () => undefined, 'did not answer within'],
    ['it speaks something else', (socket: Socket) => socket.write('hello\n'), 'does not speak QMP'],
    ['it greets and hangs up', (socket: Socket) => socket.end(GREETING), 'closed its control socket'],
    ['it floods without a line end', (socket: Socket) => socket.write('x'.repeat(2_000_000)), 'does not speak QMP'],
  ])('says so when %s', async (_what, behave, message) => {
    const path = behave === null ? '/nonexistent/qmp.sock' : await peer((socket) => void behave(socket))
    await expect(status(path, 500)).rejects.toThrow(message)
  })
})
