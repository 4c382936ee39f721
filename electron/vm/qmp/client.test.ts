import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProblemError } from '#shared/base/problem.ts'
import { peer } from '../socket-peer.fixture.ts'
import { withQmp } from './client.ts'

const GREETING = '{"QMP":{"version":{},"capabilities":[]}}\n'

/** Answers every command, with an event and another id's answer in between, cut into pieces. */
function polite(socket: Socket): void {
  socket.write(GREETING)
  let sent = Promise.resolve()
  socket.on('data', (chunk) => {
    for (const line of String(chunk).trim().split('\n')) {
      const { id, execute } = JSON.parse(line) as { id: number; execute: string }
      const answer =
        execute === 'cont'
          ? { id, error: { class: 'GenericError', desc: 'no' } }
          : { id, return: { status: 'running', running: true } }
      const text = `{"event":"STOP"}\n{"id":99,"return":{}}\n${JSON.stringify(answer)}\n`
      sent = sent.then(async () => {
        socket.write(text.slice(0, 20))
        await turn()
        socket.write(text.slice(20))
      })
    }
  })
}

const status = (path: string, limit = 2000) => withQmp(path, limit, (client) => client.command('query-status'))

/** Greets, accepts the negotiation, and answers the first command after it with this text, then does no more. */
function answering(text: string, then: (socket: Socket) => void = () => undefined): (socket: Socket) => void {
  return (socket) => {
    socket.write(GREETING)
    socket.once('data', () => {
      socket.once('data', () => {
        socket.write(text)
        then(socket)
      })
      socket.write('{"id":1,"return":{}}\n')
    })
  }
}

/** Sends events without a pause and never an answer. */
function flood(socket: Socket): void {
  const event = `${JSON.stringify({ event: 'RTC_CHANGE', data: { offset: 1 } })}\n`.repeat(500)
  const more = () => {
    while (!socket.destroyed && socket.write(event));
    socket.once('drain', more)
  }
  more()
}

const DEEP = `${'['.repeat(200_000)}\n`

describe('the QMP client', () => {
  it('negotiates and matches answers by id, past events and split lines', async () => {
    expect(await status(await peer(polite))).toEqual({ status: 'running', running: true })
  })

  it('passes on QEMU’s refusal in its own words', async () => {
    const path = await peer(polite)
    await expect(withQmp(path, 2000, (client) => client.command('cont'))).rejects.toThrow('QEMU refused cont: no')
  })

  it('runs several commands at once and gives each its own answer', async () => {
    const path = await peer(polite)
    const answers = await withQmp(path, 2000, (client) =>
      Promise.allSettled([client.command('query-status'), client.command('cont'), client.command('query-status')]),
    )
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it.each<[string, ((socket: Socket) => unknown) | null, string]>([
    ['nobody listens', null, 'Nobody listens'],
    ['no greeting comes', () => undefined, 'did not answer within'],
    ['it speaks something else', (socket) => socket.write('hello\n'), 'does not speak QMP'],
    ['its greeting is of another kind', (socket) => socket.write('{"QMP":7}\n'), 'does not speak QMP'],
    ['it greets and hangs up', (socket) => socket.end(GREETING), 'closed its control socket'],
    ['it floods without a line end', (socket) => socket.write('x'.repeat(2_000_000)), 'does not speak QMP'],
    ['it nests without end', (socket) => socket.write(DEEP), 'does not speak QMP'],
    ['it drops the connection', (socket) => socket.destroy(), 'control socket'],
    ['it answers another id', answering('{"id":77,"return":{}}\n'), 'did not answer within'],
    ['its id is of another kind', answering('{"id":"2","return":{}}\n'), 'did not answer within'],
    ['it answers half a line', answering('{"id":2,"ret', (socket) => socket.end()), 'closed its control socket'],
    ['it answers half a line and is silent', answering('{"id":2,"ret'), 'did not answer within'],
    ['it answers neither yes nor no', answering('{"id":2}\n'), 'does not speak QMP'],
    ['it answers with a number', answering('7\n'), 'does not speak QMP'],
    ['it greets again and again', answering(GREETING.repeat(1000)), 'did not answer within'],
    ['it floods events', answering('', flood), 'did not answer within'],
    [
      'it cannot read the command',
      answering('{"error":{"class":"GenericError","desc":"bad"}}\n'),
      'QEMU refused query-status: bad',
    ],
  ])('says so when %s', async (_what, behave, message) => {
    const path = behave === null ? '/nonexistent/qmp.sock' : await peer((socket) => void behave(socket))
    await expect(status(path, 300)).rejects.toThrow(message)
  })

  it('refuses a command after the end at once, with the reason', async () => {
    const path = await peer(answering('', (socket) => socket.end()))
    await withQmp(path, 60_000, async (client) => {
      await expect(client.command('query-status')).rejects.toThrow('closed its control socket')
      await expect(client.command('query-status')).rejects.toThrow('closed its control socket')
    })
  })

  it('ends with a problem on any invalid bytes, however they are split', async () => {
    const word = fc.constantFrom(
      '{"QMP":{}}',
      '{"event":"X"}',
      '{"id":1,"return":{}}',
      '{"id":2}',
      '\n',
      '{',
      'x',
      '\0',
      'é',
      '[]',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(word, { maxLength: 4 }), { maxLength: 6 }), async (pieces) => {
        const path = await peer((socket) => {
          for (const piece of pieces) socket.write(piece.join(''))
          socket.end()
        })
        const error = await status(path, 2000).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ProblemError)
      }),
      { numRuns: 60 },
    )
  })
})
