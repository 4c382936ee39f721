import { describe, expect, it } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { Executor } from '../executor.ts'

type Grant = ChangeOf<'grant-node-access'>

const DISK = '/dev/disk/by-id/ata-WDC_WD10EZEX-08WN4A0'
const ROOT_DISK = '/dev/disk/by-id/ata-Samsung_SSD_850_EVO_500GB'
const SPARE: Grant = grant({ what: 'disk', id: DISK, node: '/dev/sdb', is: DISK })
const KEYBOARD: Grant = grant({ what: 'usb', id: '1-1.2', node: '/dev/bus/usb/001/003', is: '046d:c31c' })

function grant({ what, id, node, is }: Pick<Grant, 'what' | 'id' | 'node'> & { is: string }): Grant {
  return { kind: 'grant-node-access', what, id, node, uid: 1000, expected: { uid: 0, what: is } }
}

function apply(host: SimulatedHost, change: Grant, caller = 0): Promise<void> {
  const plan = { id: 'launch-1', step: 'launch', rebootNeeded: false, risk: 'reversible', confirm: null } as const
  return new Executor(host, caller, () => undefined).apply({ ...plan, changes: [{ change, reason: '', before: null }] })
}

/** The code of the problem that applying ends in. */
function failure(change: Grant, caller = 0): Promise<string> {
  return apply(simulated(), change, caller).then(
    () => 'done',
    (thrown: unknown) => problemOf(thrown).code,
  )
}

describe('a device node', () => {
  it.each([
    ['a disk nothing is on', SPARE],
    ['a USB keyboard', KEYBOARD],
  ])('of %s is given, and taken back', async (_what, change) => {
    const host = simulated()
    const before = await host.state(change.node)
    await apply(host, change, 1000)
    expect(await host.state(change.node)).toMatchObject({ uid: 1000, gid: before?.gid })
    await new Executor(host, 0, () => undefined).undo({ kind: 'all' })
    expect(await host.state(change.node)).toEqual(before)
  })

  it.each([
    [
      'the disk the root filesystem is on',
      grant({ what: 'disk', id: ROOT_DISK, node: '/dev/sda', is: ROOT_DISK }),
      'refused',
    ],
    ['another node than the one behind the name', { ...SPARE, node: '/dev/sda' }, 'conflict'],
    [
      'a name that stands for nothing',
      grant({ what: 'disk', id: '/dev/disk/by-id/x', node: '/dev/sdb', is: 'x' }),
      'conflict',
    ],
    ['a port with another device', { ...KEYBOARD, expected: { uid: 0, what: '1234:5678' } }, 'conflict'],
    ['a node that belongs to somebody else by now', { ...SPARE, expected: { uid: 7, what: DISK } }, 'conflict'],
    [
      'kvmfr where there is none',
      grant({ what: 'kvmfr', id: '/dev/kvmfr0', node: '/dev/kvmfr0', is: '/dev/kvmfr0' }),
      'conflict',
    ],
  ])('is refused: %s', async (_what, change, code) => {
    expect(await failure(change)).toBe(code)
  })

  it('is given only to the user who asks', async () => {
    expect(await failure(SPARE, 1001)).toBe('refused')
  })

  it('is left to whoever has its number meanwhile', async () => {
    const host = simulated()
    await apply(host, KEYBOARD)
    await host.setOwner(KEYBOARD.node, { uid: 33, gid: 0, mode: 0o660 })
    await new Executor(host, 0, () => undefined).undo({ kind: 'all' })
    expect(await host.state(KEYBOARD.node)).toMatchObject({ uid: 33 })
  })
})
