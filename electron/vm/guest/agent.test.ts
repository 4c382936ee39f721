import type { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { problemOf } from '#shared/base/problem.ts'
import { REPORT_PREFIX } from '#shared/facts/guest-report.ts'
import { peer } from '../socket-peer.fixture.ts'
import { askGuest } from './ask-guest.ts'
import { AgentSilent, withAgent } from './client.ts'
import { parseWindows } from './windows.ts'

type Answers = Readonly<Record<string, (args: Record<string, unknown>) => unknown>>

/** Speaks the agent's protocol: the sentinel byte ahead of the answer to a synchronisation, and no ids. */
function agent(answers: Answers): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', (chunk: Buffer) => {
      const lines = chunk.toString('latin1').replaceAll('\u00ff', '').trim().split('\n')
      for (const line of lines) answer(socket, answers, JSON.parse(line) as Command)
    })
  }
}

interface Command {
  execute: string
  arguments: Record<string, unknown>
}

function answer(socket: Socket, answers: Answers, { execute, arguments: args }: Command): void {
  if (execute === 'guest-sync-delimited') {
    // Left over from somebody else's conversation, then a stale number, then the one that was asked for; in pieces.
    socket.write('{"return": {"pid": 7}}\n')
    socket.write(Buffer.concat([Buffer.from([0xff]), Buffer.from('{"return": 1}\n')]))
    const text = Buffer.concat([Buffer.from([0xff]), Buffer.from(`{"return": ${String(args['id'])}}\n`)])
    socket.write(text.subarray(0, 5))
    setImmediate(() => socket.write(text.subarray(5)))
    return
  }
  const known = answers[execute]
  const message =
    known === undefined ? { error: { class: 'CommandNotFound', desc: '\u001b[2J no' } } : { return: known(args) }
  socket.write(`${JSON.stringify(message)}\n`)
}

const enabled = (...names: string[]) => ({
  version: '7.2.0',
  supported_commands: names.map((name) => ({ name, enabled: true })),
})
const printed = (text: string) => ({ exited: true, exitcode: 0, 'out-data': Buffer.from(text).toString('base64') })

const LINUX = `${REPORT_PREFIX} kernel 6.8.0
${REPORT_PREFIX} function 0000:01:00.0 0x10de 0x13f1 0x030000 nvidia 550.54.14
${REPORT_PREFIX} end
`

/** As ConvertTo-Json prints two devices: the card, and an audio function that Windows has stopped. */
const WINDOWS = JSON.stringify([
  {
    id: 'PCI\\VEN_10DE&DEV_13F1&SUBSYS_115310DE&REV_A1\\4&2E3F4A1&0&0008',
    compatible: ['PCI\\VEN_10DE&DEV_13F1&REV_A1', 'PCI\\VEN_10DE&CC_030000', 'PCI\\CC_030000', 'PCI\\CC_0300'],
    service: 'nvlddmkm',
    error: 0,
    version: '31.0.15.3623',
    location: 'PCI bus 1, device 0, function 0',
  },
  {
    id: 'PCI\\VEN_10DE&DEV_0FBB&SUBSYS_115310DE&REV_A1\\4&2E3F4A1&0&0108',
    compatible: ['PCI\\VEN_10DE&CC_040300'],
    service: 'HDAudBus',
    error: 43,
    version: '10.0.22621.1',
    location: 'PCI-Bus 1, Gerät 0, Funktion 1',
  },
])
const CARD_IN_WINDOWS = [
  {
    ...{ address: '0000:01:00.0', vendorId: '10de', deviceId: '13f1', classId: '030000' },
    ...{ driver: 'nvlddmkm', driverVersion: '31.0.15.3623', trouble: null },
  },
  {
    ...{ address: '0000:01:00.1', vendorId: '10de', deviceId: '0fbb', classId: '040300' },
    ...{ driver: 'HDAudBus', driverVersion: '10.0.22621.1', trouble: 'Code 43' },
  },
]

describe('a guest’s agent', () => {
  it('reports functions and drivers of a Linux guest', async () => {
    const asked: unknown[] = []
    let looks = 0
    const path = await peer(
      agent({
        'guest-info': () => enabled('guest-get-osinfo', 'guest-exec', 'guest-exec-status'),
        'guest-get-osinfo': () => ({ id: 'debian', 'kernel-release': '6.8.0' }),
        'guest-exec': (args) => {
          asked.push(args['path'], (args['arg'] as string[])[0])
          return { pid: 12 }
        },
        'guest-exec-status': () => (++looks < 3 ? { exited: false } : printed(LINUX)),
      }),
    )
    const report = await askGuest(path, 'designer', 2000)
    expect(report).toMatchObject({ vm: 'designer', source: 'agent', kernel: '6.8.0', simulated: false })
    expect(report.functions).toEqual([
      {
        ...{ address: '0000:01:00.0', vendorId: '10de', deviceId: '13f1', classId: '030000' },
        ...{ driver: 'nvidia', driverVersion: '550.54.14', trouble: null },
      },
    ])
    expect(asked).toEqual(['/bin/sh', '-c'])
  })

  it('reports driver, version and problem code of a Windows guest', async () => {
    const path = await peer(
      agent({
        'guest-info': () => enabled('guest-get-osinfo', 'guest-exec', 'guest-exec-status', 'guest-get-devices'),
        'guest-get-osinfo': () => ({ id: 'mswindows', 'kernel-release': '22631' }),
        'guest-exec': () => ({ pid: 12 }),
        'guest-exec-status': () => printed(WINDOWS),
      }),
    )
    expect((await askGuest(path, 'designer', 2000)).functions).toEqual(CARD_IN_WINDOWS)
  })

  it('reports its own list where Windows may run no programs', async () => {
    const id = { type: 'pci', 'vendor-id': 0x10de, 'device-id': 0x13f1 }
    const path = await peer(
      agent({
        'guest-info': () => enabled('guest-get-osinfo', 'guest-get-devices'),
        'guest-get-osinfo': () => ({ id: 'mswindows' }),
        'guest-get-devices': () => [
          { 'driver-name': 'NVIDIA Quadro M4000', 'driver-version': '31.0.15.3623', id },
          { 'driver-name': 'Volume Manager' },
        ],
      }),
    )
    const names = { driver: 'NVIDIA Quadro M4000', driverVersion: '31.0.15.3623', trouble: null }
    expect((await askGuest(path, 'designer', 2000)).functions).toEqual([
      { address: null, classId: null, vendorId: '10de', deviceId: '13f1', ...names },
    ])
  })

  it('reports what is switched off, and what failed, in the guest', async () => {
    const barred = await peer(agent({ 'guest-info': () => enabled('guest-ping') }))
    await expect(askGuest(barred, 'designer', 2000)).rejects.toThrow('guest-exec is switched off')
    const failing = await peer(
      agent({
        'guest-info': () => enabled('guest-exec'),
        'guest-exec': () => ({ pid: 1 }),
        'guest-exec-status': () => ({ exited: true, exitcode: 126 }),
      }),
    )
    await expect(askGuest(failing, 'designer', 2000)).rejects.toThrow('exit code 126')
  })
})

describe('the answer of a hostile or broken agent', () => {
  it.each([
    ['nobody listens', null],
    ['it says nothing', () => undefined],
    ['it hangs up', (socket: Socket) => socket.end()],
    ['it answers another number', (socket: Socket) => socket.write(Buffer.from('\u00ff{"return": 0}\n', 'latin1'))],
    ['it floods without an end', (socket: Socket) => socket.write(Buffer.alloc(8_000_000, 0x61))],
    ['it floods with sentinels', (socket: Socket) => socket.write(Buffer.alloc(8_000_000, 0xff))],
  ])('counts as none when %s', async (_what, behave) => {
    const path = behave === null ? '/nonexistent/agent.sock' : await peer((socket) => void behave(socket))
    await expect(askGuest(path, 'designer', 300)).rejects.toBeInstanceOf(AgentSilent)
  })

  it('is refused in a short message, however many errors it has', async () => {
    const many = Array.from({ length: 300_000 }, () => 0)
    const path = await peer(agent({ 'guest-info': () => ({ version: '', supported_commands: many }) }))
    const thrown: unknown = await askGuest(path, 'designer', 5000).catch((one: unknown) => one)
    expect(problemOf(thrown).code).toBe('protocol')
    expect(problemOf(thrown).detail?.length).toBeLessThan(500)
  })

  it('reaches no terminal with its control characters', async () => {
    const path = await peer(agent({}))
    await expect(withAgent(path, 2000, (one) => one.command('guest-info'))).rejects.toThrow('guest-info: ?[2J no')
  })

  it('never makes a report of its own, whatever its form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (anything) => {
        const path = await peer(
          agent({
            'guest-info': () => enabled('guest-exec'),
            'guest-exec': () => ({ pid: 1 }),
            'guest-exec-status': () => anything,
          }),
        )
        await expect(askGuest(path, 'designer', 500)).rejects.toThrow()
      }),
      { numRuns: 40 },
    )
  })

  it('is never read as devices it does not name', () => {
    fc.assert(fc.property(fc.string(), (text) => (parseWindows(text) ?? []).length === 0))
    const [first] = JSON.parse(WINDOWS) as unknown[]
    expect(parseWindows(JSON.stringify(first))).toEqual(CARD_IN_WINDOWS.slice(0, 1))
  })
})
