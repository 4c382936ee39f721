import { describe, expect, it, test } from 'vitest'
import { deviceRows } from '#app/views/device-rows.ts'
import { situation } from '#core/situation.fixture.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { DeviceRow } from '#shared/ipc/device-row.ts'
import { recordedMachines } from '../hosts/recorded-machines.ts'

/** Drivers beside VFIO's own with which the kernel hands a group out (driver_managed_dma); written down anew here. */
const HARMLESS = new Set(['', 'pcieport', 'pci-stub', 'vfio-pci'])

/** What would keep the kernel, or the host, from handing these functions out together. */
function objections(facts: Facts, going: readonly Device[]): string[] {
  const groups = new Set(going.map(({ iommuGroup }) => iommuGroup))
  const staying = facts.devices.filter((device) => groups.has(device.iommuGroup) && !going.includes(device))
  const claims = isUnknown(facts.claims) ? [] : facts.claims
  const regions = facts.iommu.groups
    .filter(({ id }) => groups.has(id))
    .flatMap(({ reserved }) => (isUnknown(reserved) ? [] : reserved))
  return [
    ...going.filter(({ iommuGroup }) => iommuGroup === null).map(({ address }) => `${address} has no group`),
    ...going.filter(({ classId }) => classId.startsWith('06')).map(({ address }) => `${address} is a bridge`),
    ...staying
      .filter(({ driver }) => !HARMLESS.has(driver ?? ''))
      .map(({ address }) => `${address} stays in the group`),
    ...[...going, ...staying]
      .filter(({ address }) => claims.some((claim) => claim.address === address))
      .map(({ address }) => `${address} is needed`),
    ...regions.filter(({ type }) => type === 'direct').map(({ start }) => `${start} is mapped 1:1`),
  ]
}

function functionsOf(facts: Facts, row: DeviceRow): Device[] {
  return facts.devices.filter(({ address }) => address === row.address || row.takes.includes(address))
}

describe('nothing that the kernel would refuse is offered', () => {
  it.each(recordedMachines().map((machine) => [machine.name, machine] as const))(
    'on %s',
    async (_, { description }) => {
      const facts = await factsFrom(simulated(description))
      const offered = deviceRows(situation(facts)).filter(({ availability }) =>
        ['ready', 'goes-along'].includes(availability),
      )
      const wrong = offered.flatMap((row) =>
        objections(facts, functionsOf(facts, row)).map((why) => `${row.address} "${row.verdict}": ${why}`),
      )
      expect(wrong).toEqual([])
    },
  )

  it('and the described hosts have much to offer', async () => {
    const [paper, ...others] = recordedMachines()
    expect(paper).toBeDefined()
    const counts = others.map(async ({ description }) => {
      const rows = deviceRows(situation(await factsFrom(simulated(description))))
      return rows.filter(({ availability }) => availability === 'ready').length
    })
    expect((await Promise.all(counts)).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
  })
})

test('virtual functions are offered each for itself, also of a card that the host needs', async () => {
  const machine = recordedMachines().find(({ name }) => name === 'alder-lake-virtual-functions')
  if (machine === undefined) throw new Error('no described host has virtual functions')
  const rows = deviceRows(situation(await factsFrom(simulated(machine.description))))
  const says = (address: string) => rows.find((row) => row.address === address)
  const alone = { availability: 'ready', takes: [] }
  expect(says('0000:00:02.0')).toMatchObject({ availability: 'host', takes: [] })
  expect(['0000:00:02.1', '0000:00:02.2', '0000:01:10.0', '0000:01:10.4'].map(says)).toMatchObject([
    alone,
    alone,
    alone,
    alone,
  ])
  expect(says('0000:01:00.0')?.verdict).toBe('Stays with the host: the default route goes through eno1.')
})
