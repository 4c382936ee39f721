import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { GUARD_FILE } from '#shared/facts/network.ts'
import type { Change } from '#shared/plan/change.ts'
import { Executor } from '../executor.ts'
import { RealSystem } from '../real-system.ts'

const MAC = '52:54:00:12:34:56'
const ROUTE =
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neno1\t00000000\t0202000A\t3\t0\t0\t0\t00000000\n'

const GUARD: Change = {
  kind: 'guard-network',
  manager: 'systemd-networkd',
  uplink: 'eno1',
  bridge: 'br-vm',
  ip: 'IPv4',
  seconds: 60,
  expected: { mac: MAC },
}

/** A host in a directory where a bridge could be made; no tool is ever reached, because `change` spoils it first. */
async function attempt(
  change: (root: string) => Promise<unknown>,
  caller = 0,
  wanted: Change = GUARD,
): Promise<unknown> {
  const root = await temporaryDirectory('network')
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  await mkdir(join(root, 'var/lib'), { recursive: true })
  await mkdir(join(root, 'run/systemd/system'), { recursive: true })
  await put('/sys/class/net/eno1/address', `${MAC}\n`)
  await put('/proc/net/route', ROUTE)
  await put('/etc/passwd', 'designer:x:1000:1000::/home/designer:/bin/sh\n')
  await change(root)
  const plan = {
    id: 'p',
    step: 'network' as const,
    changes: [{ change: wanted, reason: '', before: null }],
    rebootNeeded: false,
    risk: 'may-lose-network' as const,
    confirm: null,
  }
  const executor = new Executor(new RealSystem(root), caller, () => undefined)
  const outcome = await executor.apply(plan).catch((thrown: unknown) => thrown)
  // Nothing was begun, so nothing is in the journal.
  await expect(readFile(join(root, 'var/lib/passthrough-studio/journal.jsonl'))).rejects.toThrow('ENOENT')
  return outcome
}

describe('the helper makes no bridge', () => {
  it('over Wi-Fi', async () => {
    const outcome = await attempt(async (root) => {
      await mkdir(join(root, 'sys/class/net/eno1/wireless'))
    })
    expect(outcome).toMatchObject({ problem: { code: 'refused' } })
  })

  it('without systemd, which alone can restore the old network', async () => {
    const outcome = await attempt(async (root) => {
      await rm(join(root, 'run/systemd'), { recursive: true })
    })
    expect(outcome).toMatchObject({ problem: { code: 'refused' } })
  })

  it('while another new network waits to be confirmed', async () => {
    const outcome = await attempt(async (root) => {
      await mkdir(join(root, dirname(GUARD_FILE)), { recursive: true })
      await writeFile(join(root, GUARD_FILE), '{}')
    })
    expect(outcome).toMatchObject({ problem: { code: 'busy' } })
  })

  it.each([
    [
      'another card has the name',
      (root: string) => writeFile(join(root, 'sys/class/net/eno1/address'), '02:00:00:00:00:01\n'),
    ],
    [
      'the default route has moved',
      (root: string) => writeFile(join(root, 'proc/net/route'), ROUTE.replace('eno1', 'eno2')),
    ],
    ['it became a port', (root: string) => symlink('../br9', join(root, 'sys/class/net/eno1/master'))],
    ['a link has the bridge’s name', (root: string) => mkdir(join(root, 'sys/class/net/br-vm'))],
  ])('when %s since the plan', async (_what, change) => {
    expect(await attempt(change)).toMatchObject({ problem: { code: 'conflict' } })
  })
})

describe('confirming a network', () => {
  it('answers conflict when none waits', async () => {
    const root = await temporaryDirectory('network')
    const executor = new Executor(new RealSystem(root), 0, () => undefined)
    await expect(executor.confirmNetwork()).rejects.toMatchObject({ problem: { code: 'conflict' } })
  })
})
