import { describe, expect, it } from 'vitest'
import { Backups } from '#helper/journal/backups.ts'
import type { Description } from '#host/simulated/description.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { SHARING_CARD, VIRTUAL_FUNCTIONS, withVirtualFunctions } from '#host/simulated/paper/virtual.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { setVirtualFunctions } from './set-virtual-functions.ts'

const CARD = SHARING_CARD
const VIRTUAL = VIRTUAL_FUNCTIONS
const AT = `/sys/bus/pci/devices/${CARD}`

interface Machine extends Partial<Description> {
  now?: number
  driver?: string
}

function host({ now, driver, ...more }: Machine = {}) {
  const described = withVirtualFunctions(now, driver)
  return simulated({ ...described, ...more, files: { ...described.files, ...more.files } })
}

const change = (count: number, now = 0) => {
  return {
    ...({ kind: 'set-virtual-functions', address: CARD, count } as const),
    expected: { now, vendorId: '8086', deviceId: '1521' },
  }
}

function workOn(system: SimulatedHost) {
  return { system, caller: 0, backups: new Backups(system), log: () => undefined, tx: 'test' }
}

async function stateOf(system: SimulatedHost) {
  const word = async (name: string) => ((await system.readAttribute(`${AT}/${name}`)) ?? '').trim()
  const { devices } = await factsFrom(system)
  const virtual = devices.filter(({ physfn }) => physfn === CARD).map(({ address, driver }) => ({ address, driver }))
  return { count: await word('sriov_numvfs'), probes: await word('sriov_drivers_autoprobe'), virtual }
}

async function entryOf(system: SimulatedHost, made: ReturnType<typeof change>): Promise<JournalEntry> {
  const before = await setVirtualFunctions.capture(workOn(system), made)
  return {
    ...{ tx: 'test', index: 0, step: 'cards', at: '', boot: '', change: made, contents: null, before, after: null },
    ...{ reverted: null, failed: null, confirmed: null },
  }
}

describe('virtual functions', () => {
  it('are made without a driver of the host, and go again with the kernel probing as before', async () => {
    const system = host()
    const before = await stateOf(system)
    expect(before).toEqual({ count: '0', probes: '1', virtual: [] })
    const made = change(2)
    await setVirtualFunctions.check(workOn(system), made)
    const entry = await entryOf(system, made)
    await setVirtualFunctions.apply(workOn(system), made)
    const virtual = VIRTUAL.slice(0, 2).map((address) => ({ address, driver: null }))
    expect(await stateOf(system)).toEqual({ count: '2', probes: '0', virtual })
    await setVirtualFunctions.revert(workOn(system), made, entry)
    expect(await stateOf(system)).toEqual(before)
    await setVirtualFunctions.revert(workOn(system), made, entry)
    expect(await stateOf(system)).toEqual(before)
  })

  it('come back as they were, on the host’s driver, where there had been another number', async () => {
    const system = host({ now: 1 })
    const before = await stateOf(system)
    const made = change(3, 1)
    const entry = await entryOf(system, made)
    await setVirtualFunctions.apply(workOn(system), made)
    expect((await stateOf(system)).virtual).toHaveLength(3)
    await setVirtualFunctions.revert(workOn(system), made, entry)
    expect(await stateOf(system)).toEqual(before)
    expect(before.virtual).toEqual([{ address: VIRTUAL[0], driver: 'igbvf' }])
  })

  it('that somebody else made since stay', async () => {
    const system = host()
    const made = change(2)
    const entry = await entryOf(system, made)
    await setVirtualFunctions.apply(workOn(system), made)
    await system.writeAttribute(`${AT}/sriov_numvfs`, '0')
    await system.writeAttribute(`${AT}/sriov_numvfs`, '3')
    const { note } = await setVirtualFunctions.revert(workOn(system), made, entry)
    expect(note).toContain('3 virtual functions by somebody else')
    expect((await stateOf(system)).count).toBe('3')
  })

  it.each([
    ['more than the card can have', host(), change(4), 'at most 3'],
    ['of a card that a VM has', host({ driver: 'vfio-pci' }), change(1), 'it is on vfio-pci itself'],
    ['of a card with another number than the plan saw', host({ now: 1 }), change(2), 'has 1, not 0'],
    [
      'in place of one that the host’s traffic goes through',
      host({
        ...{ now: 1, net: [{ name: 'enp6s0v0', address: VIRTUAL[0], up: true }] },
        files: {
          '/proc/net/route': `Iface\nenp6s0v0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n`,
        },
      }),
      change(2, 1),
      '06:10.0 stays: the default route goes through enp6s0v0',
    ],
  ])('are refused: %s', async (_, system, asked, why) => {
    const problem = expect.objectContaining({ message: expect.stringContaining(why) as string }) as Error
    await expect(setVirtualFunctions.check(workOn(system), asked)).rejects.toEqual(problem)
  })

  it('are not taken away while a VM has one', async () => {
    const group = '/sys/kernel/iommu_groups/41'
    const link = { '/proc/77/fd/3': '/dev/vfio/41' }
    const dirs = { ...PAPER_WORKSTATION.dirs, '/proc': ['77'], '/proc/77/fd': ['3'], [group]: [] }
    const system = host({ now: 1, dirs, links: { ...PAPER_WORKSTATION.links, ...link } })
    await expect(setVirtualFunctions.check(workOn(system), change(2, 1))).rejects.toMatchObject({
      problem: { code: 'in-use', message: expect.stringContaining('running VM') as string },
    })
  })
})
