import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { QmpClient, withQmp } from '#vm/qmp/client.ts'
import { qmpBlockStats, qmpCpus, qmpVnc } from '#vm/qmp/messages.ts'
import { untilAnswers } from './until-answers.ts'

const LIMIT_MS = 30_000

/** A QEMU without guest or disk: its control is all that counts here. */
const start = (directory: string, ...more: string[]) => {
  const qmp = `unix:${join(directory, 'qmp')},server=on,wait=off`
  const args = ['-machine', 'q35,accel=tcg', '-m', '32', '-nodefaults', '-display', 'none', '-S', '-qmp', qmp, ...more]
  return execa('qemu-system-x86_64', args, { reject: false, timeout: 4 * LIMIT_MS })
}

let path: string
let qemu: ReturnType<typeof start>

beforeEach(async () => {
  const directory = await temporaryDirectory('qmp')
  path = join(directory, 'qmp')
  qemu = start(directory, '-vnc', `unix:${join(directory, 'vnc')},password=on`)
  await untilAnswers(path, () => qemu.exitCode !== null)
})
afterEach(async () => {
  qemu.kill('SIGKILL')
  await qemu
})

describe('a QMP client of a real QEMU', () => {
  it('gets an answer to every command this program uses, in a session each', async () => {
    const ask = <T>(work: (client: QmpClient) => Promise<T>) => withQmp(path, LIMIT_MS, work)
    expect(qmpVnc.parse(await ask((client) => client.command('query-vnc')))).toMatchObject({
      enabled: true,
      auth: 'vnc',
    })
    expect(qmpCpus.parse(await ask((client) => client.command('query-cpus-fast')))).toHaveLength(1)
    expect(qmpBlockStats.parse(await ask((client) => client.command('query-blockstats')))).toEqual([])
    expect(await ask((client) => client.command('set_password', { protocol: 'vnc', password: 'x' }))).toEqual({})
    expect(await ask((client) => client.command('expire_password', { protocol: 'vnc', time: '+1' }))).toEqual({})
  })

  it('reports that QEMU has no screen but the card’s', async () => {
    const directory = await temporaryDirectory('qmp')
    const bare = start(directory)
    const qmp = join(directory, 'qmp')
    await untilAnswers(qmp, () => bare.exitCode !== null)
    const answer = await withQmp(qmp, LIMIT_MS, (client) => client.command('query-vnc'))
    bare.kill('SIGKILL')
    await bare
    expect(qmpVnc.parse(answer)).toMatchObject({ enabled: false })
  })

  it('gets answers past the events that come with them', async () => {
    await withQmp(path, LIMIT_MS, async (client) => {
      const [resumed, status] = await Promise.all([client.command('cont'), client.command('query-status')])
      expect(resumed).toEqual({})
      expect(status).toMatchObject({ status: 'running' })
    })
  })

  it('passes on QEMU’s refusal, and the session goes on', async () => {
    await withQmp(path, LIMIT_MS, async (client) => {
      await expect(client.command('qmp_capabilities')).rejects.toThrow(/^QEMU refused qmp_capabilities: .*already/u)
      expect(await client.command('query-status')).toMatchObject({ running: false })
    })
  })

  it('waits while QEMU serves another, or says that nobody answered', async () => {
    const first = await QmpClient.connect(path, LIMIT_MS)
    await expect(QmpClient.connect(path, 300)).rejects.toThrow('did not answer within 0.3 s')
    const second = QmpClient.connect(path, LIMIT_MS)
    first.close()
    const client = await second
    expect(await client.command('query-status')).toMatchObject({ running: false })
    client.close()
  })

  it('reports that QEMU ended during a command, and before one', async () => {
    await withQmp(path, LIMIT_MS, async (client) => {
      qemu.kill('SIGSTOP')
      const waiting = client.command('query-status')
      qemu.kill('SIGKILL')
      await expect(waiting).rejects.toThrow(/control socket/u)
      await expect(client.command('query-status')).rejects.toThrow(/control socket/u)
    })
    await qemu
    await expect(QmpClient.connect(path, LIMIT_MS)).rejects.toThrow('Nobody listens')
  })
})
