import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { deviceName } from '#shared/facts/pci.ts'
import { Recorder } from '../recorded/recorder.ts'
import { type Description } from '../simulated/description.ts'
import { PAPER_WORKSTATION } from '../simulated/paper/workstation.ts'
import { neededPciIds, parsePciIds } from './pci-ids.ts'

const SAMPLE = `#
#	List of PCI ID's
# Vendors, devices and subsystems. Please keep sorted.

1043  ASUSTeK Computer Inc.
10de  NVIDIA Corporation
	0fbb  GM204 High Definition Audio Controller
	13f1  GM204GL [Quadro M4000]
		10de 1153  Quadro M4000
		103c 1153  Quadro M4000 HP
	2206  GA102 [GeForce RTX 3080]
8086  Intel Corporation
	13f1  Not the card, though it has its device id
C 03  Display controller
	00  VGA compatible controller
10de  A class, not a vendor
`

const M4000 = { vendorId: '10de', deviceId: '13f1', subsystem: '10de:1153' }

const id = fc.stringMatching(/^[0-9a-f]{4}$/u)
const name = fc.stringMatching(/^[A-Z][A-Za-z0-9 ./()[\]-]{0,20}[A-Za-z0-9\]]$/u)
const table = fc.uniqueArray(
  fc.record({
    id,
    name,
    devices: fc.uniqueArray(
      fc.record({
        id,
        name,
        subsystems: fc.uniqueArray(fc.record({ vendor: id, device: id, name }), {
          maxLength: 3,
          selector: (one) => `${one.vendor}:${one.device}`,
        }),
      }),
      { maxLength: 4, selector: (one) => one.id },
    ),
  }),
  { minLength: 1, maxLength: 5, selector: (one) => one.id },
)
type Table = typeof table extends fc.Arbitrary<infer T> ? T : never

function textOf(rows: Table): string {
  const lines = rows.flatMap((vendor) => [
    '# a comment',
    `${vendor.id}  ${vendor.name}`,
    ...vendor.devices.flatMap((device) => [
      `\t${device.id}  ${device.name}`,
      ...device.subsystems.map((board) => `\t\t${board.vendor} ${board.device}  ${board.name}`),
    ]),
  ])
  return `${[...lines, 'C 03  Display controller', '\t00  VGA compatible controller'].join('\n')}\n`
}

function identitiesOf(rows: Table) {
  return rows.flatMap((vendor) =>
    vendor.devices.flatMap((device) => [
      { vendorId: vendor.id, deviceId: device.id, subsystem: null },
      ...device.subsystems.map((board) => ({
        vendorId: vendor.id,
        deviceId: device.id,
        subsystem: `${board.vendor}:${board.device}`,
      })),
    ]),
  )
}

describe('a pci.ids file', () => {
  it('gives the names of the ids that were asked for, and no others', () => {
    const { vendors, devices, subsystems } = parsePciIds(SAMPLE, [M4000])
    expect([...vendors]).toEqual([['10de', 'NVIDIA Corporation']])
    expect([...devices]).toEqual([['10de:13f1', 'GM204GL [Quadro M4000]']])
    expect([...subsystems]).toEqual([['10de:13f1 10de:1153', 'Quadro M4000']])
  })

  it('gives every name it holds', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const found = parsePciIds(textOf(rows), identitiesOf(rows))
        for (const vendor of rows)
          for (const device of vendor.devices) {
            expect(found.vendors.get(vendor.id)).toBe(vendor.name)
            expect(found.devices.get(`${vendor.id}:${device.id}`)).toBe(device.name)
            for (const board of device.subsystems)
              expect(found.subsystems.get(`${vendor.id}:${device.id} ${board.vendor}:${board.device}`)).toBe(board.name)
          }
      }),
    )
  })

  it('gives the same names when cut to what its functions need', () => {
    fc.assert(
      fc.property(table, fc.array(fc.nat()), (rows, picks) => {
        const all = identitiesOf(rows)
        const wanted = picks.flatMap((pick) => all[pick % Math.max(all.length, 1)] ?? [])
        const text = textOf(rows)
        const kept = neededPciIds(text, wanted)
        expect(parsePciIds(kept, wanted)).toEqual(parsePciIds(text, wanted))
        expect(neededPciIds(kept, wanted)).toBe(kept)
      }),
    )
  })

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parsePciIds(text, [M4000]).devices.size).toBeLessThan(2)
      }),
    )
  })
})

/** The paper's workstation without lspci, and with this pci.ids. */
function withoutLspci(ids: string | null): Description {
  const { tools, files } = PAPER_WORKSTATION
  return {
    ...PAPER_WORKSTATION,
    tools: tools.filter((tool) => tool !== 'lspci'),
    files: { ...files, ...(ids === null ? {} : { '/usr/share/misc/pci.ids': ids }) },
  }
}

async function cardOf(description: Description) {
  const { devices } = await factsFrom(simulated(description))
  return devices.find((device) => device.address === '0000:04:00.0')
}

describe('names of devices', () => {
  it('come from lspci, with the name of the board', async () => {
    expect(await cardOf(PAPER_WORKSTATION)).toMatchObject({
      name: 'NVIDIA Corporation GM204GL [Quadro M4000]',
      board: 'NVIDIA Corporation Device',
    })
  })

  it('come from pci.ids where lspci is missing', async () => {
    expect(await cardOf(withoutLspci(SAMPLE))).toMatchObject({
      name: 'NVIDIA Corporation GM204GL [Quadro M4000]',
      board: 'NVIDIA Corporation Quadro M4000',
    })
  })

  it('are unknown, with ids and class, where no source has them', async () => {
    const card = await cardOf(withoutLspci(null))
    expect(card).toMatchObject({ name: null, board: null })
    if (card === undefined) throw new Error('no card')
    expect(deviceName(card)).toBe('Unknown device 10de:13f1 (class 0300, VGA controller)')
    expect(deviceName({ ...card, name: 'NVIDIA Corporation Device' })).toBe(
      'NVIDIA Corporation Device 10de:13f1 (class 0300, VGA controller)',
    )
    expect(deviceName({ ...card, classId: '118000' })).toBe('Unknown device 10de:13f1 (class 1180)')
    expect(deviceName({ ...card, vendorId: '', deviceId: '' })).toBe('Unknown device (class 0300, VGA controller)')
  })

  it('are recorded with the part of pci.ids that the functions need', async () => {
    const padding = Array.from(
      { length: 5000 },
      (_, index) => `f${String(index).padStart(3, '0').slice(-3)}  Maker ${index}\n`,
    )
    const recorder = new Recorder(simulated(withoutLspci(`${SAMPLE}${padding.join('')}`)), 'a', 'b')
    await factsFrom(recorder)
    const kept = recorder.recording.files['/usr/share/misc/pci.ids']
    expect(kept).toContain('\t\t10de 1153  Quadro M4000\n')
    expect(typeof kept === 'string' ? kept.split('\n').length : null).toBeLessThan(12)
  })
})
