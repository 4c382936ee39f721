import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { deviceRow } from '#shared/ipc/device-row.ts'
import { deviceRows } from './device-rows.ts'

function rowAt(facts: Facts, address: string) {
  const row = deviceRows(situation(facts)).find((candidate) => candidate.address === address)
  if (row === undefined) throw new Error(address)
  return row
}

describe('the rows of the Devices panel', () => {
  it('are one for each function, in the contract’s shape', async () => {
    const facts = await factsFrom(simulated())
    const rows = deviceRows(situation(facts))
    expect(rows.map((row) => row.address)).toEqual(facts.devices.map((device) => device.address))
    rows.forEach((row) => deviceRow.parse(row))
  })

  it('say of a card, its companion and a bridge whether they can be handed over', async () => {
    const facts = await factsFrom(simulated())
    expect(rowAt(facts, '0000:04:00.0')).toMatchObject({ availability: 'needs-work', takes: ['0000:04:00.1'] })
    expect(rowAt(facts, '0000:04:00.1')).toMatchObject({
      availability: 'needs-work',
      verdict: expect.stringContaining('04:00.0') as string,
    })
    const bridge = facts.devices.find((device) => device.classId.startsWith('0604'))
    expect(rowAt(facts, bridge?.address ?? '')).toMatchObject({ availability: 'host', takes: [] })
  })

  it('show the driver after the next boot, by the same rules as the Drivers panel', async () => {
    const facts = await factsFrom(simulated())
    expect(rowAt(facts, '0000:04:00.0').nextBoot).toBe('nouveau')
    // A rule for the address whose device is another one by now claims nothing.
    const text = 'claim 0000:04:00.0 0x1234 0x5678\n'
    const files = { ...facts.files, [OWN_FILES.earlyScript]: { text, sha256: '' } }
    expect(rowAt({ ...facts, files }, '0000:04:00.0').nextBoot).toBe('nouveau')
    const driverRules = { lines: [], unread: ['/etc/modprobe.d/closed.conf'] }
    expect(rowAt({ ...facts, driverRules }, '0000:04:00.0').nextBoot).toBe('unknown')
  })

  it('never call a function ready whose use by the host cannot be read', async () => {
    const facts: Facts = { ...(await factsFrom(simulated())), claims: { unknown: '/proc/mounts cannot be read' } }
    const endpoints = deviceRows(situation(facts)).filter((row) => row.availability !== 'host')
    expect(endpoints.length).toBeGreaterThan(2)
    expect(endpoints.every((row) => row.availability === 'unknown')).toBe(true)
  })

  it.each([
    ['0000000000003f00', '256 MiB of 8 GiB'],
    ['0000000000000100', '256 MiB, all of it'],
    ['not hexadecimal', null],
    ['', null],
  ])('say how much of the card’s memory is in reach with BAR sizes %s', async (resize, rebar) => {
    const devices = PAPER_WORKSTATION.devices.map((device) =>
      device.address === '0000:04:00.0'
        ? { ...device, resource: ['0xfa000000 0xfaffffff 0x40200', '0xe0000000 0xefffffff 0x14220c'], resize }
        : device,
    )
    const facts = await factsFrom(simulated({ ...PAPER_WORKSTATION, devices }))
    expect(rowAt(facts, '0000:04:00.0').rebar).toBe(rebar)
  })

  it('mark a link that runs below its capability', async () => {
    const facts = await factsFrom(simulated())
    const slow = { speed: '2.5 GT/s PCIe', width: '4', maxSpeed: '8.0 GT/s PCIe', maxWidth: '16' }
    const devices = facts.devices.map((device) => ({ ...device, link: slow }))
    expect(deviceRows(situation({ ...facts, devices }))[0]?.link).toEqual({
      text: 'x4 2.5 GT/s, could do x16 8.0 GT/s',
      downTrained: true,
    })
  })
})
