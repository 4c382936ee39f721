import { beforeAll, expect, test } from 'vitest'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { unknownBecause } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'
import { diagnose } from '../diagnose.ts'
import { seenIn } from './seen.ts'

const CARD = '0000:04:00.0'
const SOUND = '0000:04:00.1'
const SATA = '0000:00:1f.2'

let paper: Facts

beforeAll(async () => {
  paper = await factsFrom(simulated())
})

/** The workstation with its IOMMU on: the named devices in group 7, drivers as given. */
function grouped(drivers: Readonly<Record<string, string | null>>, more: Partial<Facts> = {}): Facts {
  const devices = paper.devices.map((device): Device => {
    const driver = drivers[device.address]
    return driver === undefined ? device : { ...device, iommuGroup: 7, driver }
  })
  const group = { id: 7, type: 'DMA', devices: Object.keys(drivers), reserved: [] }
  return { ...paper, devices, iommu: { ...paper.iommu, groups: [group] }, ...more }
}

function evidence(text: string, facts: Facts): string | undefined {
  return diagnose(text, facts).groups[0]?.[0]?.evidenceHere
}

test('the workstation has the devices these tests are about', () => {
  const of = (address: string) => paper.devices.find((device) => device.address === address)?.classId.slice(0, 4)
  expect([CARD, SOUND, SATA].map(of)).toEqual(['0300', '0403', '0106'])
})

test('a group that is not viable names the device that blocks it, with its driver', () => {
  const facts = grouped({ [CARD]: 'vfio-pci', [SATA]: 'ahci' })
  expect(evidence(`vfio ${CARD}: group 7 is not viable`, facts)).toBe(
    'Group 7 also holds 00:1f.2, a SATA controller on ahci.',
  )
})

test('a companion left behind is distinguished from a stranger in the group', () => {
  const text = `vfio ${CARD}: group 7 is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.`
  const first = (facts: Facts) => diagnose(text, facts).groups[0]?.map(({ id }) => id)
  expect(first(grouped({ [CARD]: 'vfio-pci', [SOUND]: 'snd_hda_intel' }))).toEqual([
    'group-companion-left',
    'group-not-viable',
  ])
  expect(first(grouped({ [CARD]: 'vfio-pci', [SATA]: 'ahci' }))).toEqual(['group-not-viable', 'group-companion-left'])
})

test('a group whose members are all free has nothing that blocks it', () => {
  const facts = grouped({ [CARD]: 'vfio-pci', [SOUND]: null })
  expect(evidence('group 7 is not viable', facts)).toBe('Nothing in group 7 is in the way now.')
})

test('a text of another machine is recognised as such', () => {
  expect(evidence('vfio 0000:83:00.0: group 91 is not viable', paper)).toMatch(
    /^This host has no device at 83:00\.0: .*another machine/u,
  )
  expect(evidence('group 91 is not viable', paper)).toBe('This host has no IOMMU group 91.')
})

test('the evidence of a group’s node names its owner, or why there is no node', () => {
  const text = 'vfio: failed to open /dev/vfio/7: Permission denied'
  const nodes = (uid: number) => grouped({ [CARD]: 'vfio-pci' }, { vfioNodes: [{ group: 7, uid }] })
  expect(evidence(text, nodes(0))).toBe('/dev/vfio/7 belongs to root.')
  expect(evidence(text, nodes(4242))).toBe('/dev/vfio/7 belongs to user id 4242.')
  expect(evidence(text, grouped({ [CARD]: 'nouveau' }))).toBe(
    '/dev/vfio/7 does not exist here: no device of that group is bound to vfio-pci.',
  )
})

test('a fact that could not be read is not taken for absent', () => {
  const blind = { ...paper, iommu: { ...paper.iommu, interruptRemapping: unknownBecause('no permission') } }
  expect(evidence('No interrupt remapping support.', blind)).toBe(
    'Whether interrupts are remapped here could not be read.',
  )
  const dark = { ...paper, framebuffers: unknownBecause('no permission') }
  expect(evidence("vfio-pci 0000:04:00.0: BAR 1: can't reserve [mem 0xd0000000-0xdfffffff 64bit pref]", dark)).toMatch(
    /is not known/u,
  )
})

test('the processes that hold a card are named', () => {
  const holder = { pid: 812, name: 'nvidia-persiste', user: 'root', node: '/dev/nvidia0', address: CARD }
  const holders = { complete: true, list: [holder] }
  const text = `NVRM: Attempting to remove device ${CARD} with non-zero usage count!`
  expect(evidence(text, { ...paper, holders })).toBe('In use here by nvidia-persiste (812) on 04:00.0.')
})

test('simpledrm comes first where it holds the frame buffer', () => {
  const text = "vfio-pci 0000:04:00.0: BAR 1: can't reserve [mem 0xd0000000-0xdfffffff 64bit pref]"
  const held = (name: string) =>
    diagnose(text, { ...paper, framebuffers: [{ name, start: 'd0000000', end: 'd02fffff' }] }).groups[0]?.[0]?.id
  expect(held('simpledrm')).toBe('bar-simpledrm-boot-gpu')
  expect(held('efifb')).toBe('bar-cant-reserve')
})

test('facts alone trigger a diagnosis that no message names', () => {
  const withArgs = (cmdline: string, release = paper.kernel.release) => ({
    ...paper,
    kernel: { ...paper.kernel, cmdline, release },
  })
  const ids = (facts: Facts) =>
    diagnose('', facts)
      .groups.flat()
      .map(({ id, line }) => [id, line])
  expect(ids(paper)).toEqual([])
  expect(ids(withArgs('quiet pcie_acs_override=downstream'))).toEqual([['group-acs-override-ignored', null]])
  expect(ids(withArgs('quiet pcie_acs_override=downstream', '6.8.12-4-pve'))).toEqual([])
  expect(ids(withArgs('quiet vfio-pci.ids=10de:13f1,10de:0fbb'))).toEqual([['host-driver-wins', null]])
  const unbound = paper.devices.map((device) =>
    device.address === CARD ? { ...device, driver: null, driverOverride: 'vfio-pci' } : device,
  )
  expect(ids({ ...paper, devices: unbound })).toEqual([['vfio-bind-silently-failed', null]])
})

test('times of day and MAC addresses are no PCI addresses', () => {
  expect(seenIn('10:22:33.4 52:54:00:12:34.5').address).toBeNull()
  expect(seenIn('at 10:22:33 vfio 04:00.0: group 7 is not viable')).toMatchObject({ address: CARD, group: 7 })
  expect(seenIn('host=0000:AB:00.1').address).toBe('0000:ab:00.1')
})
