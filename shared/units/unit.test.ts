import { describe, expect, it } from 'vitest'
import type { Device } from '../facts/pci.ts'
import { leadGpus, otherUnits, unitOf } from './unit.ts'

/** A function from `address class vendor parent physfn`; what does not matter here is left blank. */
function device(row: string): Device {
  const [address = '', classId = '', vendorId = '', parent = '-', physfn] = row.split(' ')
  return {
    ...{ address, classId, vendorId, deviceId: '0000', parent: parent === '-' ? null : parent },
    ...{
      subsystem: null,
      revision: '00',
      name: null,
      board: null,
      driver: null,
      driverOverride: null,
      stuck: false,
      iommuGroup: null,
    },
    ...{
      bootVga: null,
      rootBus: '0000:00',
      physfn: physfn ?? null,
      sriov: null,
      bars: [],
      resetMethods: null,
      powerState: null,
      numaNode: null,
      link: null,
    },
    ...{ drmCard: null, framebuffer: null, connectors: [], answers: null },
  }
}

function unit(rows: readonly string[]): string[] {
  const devices = rows.map(device)
  const [gpu] = leadGpus(devices)
  return gpu === undefined ? [] : unitOf(gpu, devices).map(({ address }) => address)
}

const ROOT = '0000:00:01.0 060400 8086'

describe('a unit', () => {
  it('has GPU and sound on different buses behind the switch of their card', () => {
    const arc = [
      ...[ROOT, '0000:01:00.0 060400 8086 0000:00:01.0'],
      ...['0000:02:01.0 060400 8086 0000:01:00.0', '0000:02:04.0 060400 8086 0000:01:00.0'],
      ...['0000:03:00.0 030000 8086 0000:02:01.0', '0000:04:00.0 040300 8086 0000:02:04.0'],
    ]
    expect(unit(arc)).toEqual(['0000:03:00.0', '0000:04:00.0'])
  })

  it('has no device on the same switch of the board or of a dock', () => {
    const dock = [
      ...[ROOT, '0000:01:00.0 060400 8086 0000:00:01.0'],
      ...['0000:02:00.0 060400 8086 0000:01:00.0', '0000:02:01.0 060400 8086 0000:01:00.0'],
      ...['0000:03:00.0 088000 8086 0000:02:00.0', '0000:04:00.0 030000 8086 0000:02:01.0'],
    ]
    expect(unit(dock)).toEqual(['0000:04:00.0'])
  })

  it('has one card of two behind one switch', () => {
    const pair = [
      ...[ROOT, '0000:01:00.0 060400 1002 0000:00:01.0'],
      ...['0000:02:00.0 060400 1002 0000:01:00.0', '0000:02:01.0 060400 1002 0000:01:00.0'],
      ...['0000:03:00.0 030000 1002 0000:02:00.0', '0000:04:00.0 030000 1002 0000:02:01.0'],
    ]
    expect(unit(pair)).toEqual(['0000:03:00.0'])
  })

  it('has both display functions of a slot, and no bridge', () => {
    const slot = ['0000:00:02.0 030000 8086', '0000:00:02.1 038000 8086', '0000:00:02.2 060400 8086']
    expect(leadGpus(slot.map(device))).toHaveLength(1)
    expect(unit(slot)).toEqual(['0000:00:02.0', '0000:00:02.1'])
  })

  it('has of an AMD processor its graphics and the sound of its screens', () => {
    const apu = [
      ...['0000:05:00.0 030000 1002', '0000:05:00.1 040300 1002', '0000:05:00.2 108000 1022'],
      ...['0000:05:00.3 0c0330 1022', '0000:05:00.5 048000 1022', '0000:05:00.6 040300 1022'],
    ]
    expect(unit(apu)).toEqual(['0000:05:00.0', '0000:05:00.1'])
  })

  it('has no virtual function of its slot, and is one by itself', () => {
    const slot = [
      ...['0000:03:00.0 030000 8086', '0000:03:00.1 030000 8086 - 0000:03:00.0'],
      '0000:03:00.2 030000 8086 - 0000:03:00.0',
    ].map(device)
    const units = leadGpus(slot).map((gpu) => unitOf(gpu, slot).map(({ address }) => address))
    expect(units).toEqual([['0000:03:00.0'], ['0000:03:00.1'], ['0000:03:00.2']])
  })
})

describe('what is on no card', () => {
  const units = (rows: readonly string[]) =>
    otherUnits(rows.map(device)).map((functions) => functions.map(({ address }) => address.slice(5)))

  it('goes with its slot', () => {
    expect(units(['0000:03:00.0 020000 8086', '0000:03:00.1 020000 8086', '0000:04:00.0 010802 144d'])).toEqual([
      ['03:00.0', '03:00.1'],
      ['04:00.0'],
    ])
  })

  it('goes alone as a virtual function, also in the slot of its physical one', () => {
    const card = ['0000:03:00.0 020000 8086', '0000:03:00.1 020000 8086']
    const virtual = ['0000:03:00.2 020000 8086 - 0000:03:00.0', '0000:03:10.0 020000 8086 - 0000:03:00.0']
    expect(units([...card, ...virtual])).toEqual([['03:00.0', '03:00.1'], ['03:00.2'], ['03:10.0']])
  })

  it('goes alone in a slot of the chipset, but for USB controllers that share their ports', () => {
    const slots = ['0000:00:14.0 0c0330 8086', '0000:00:14.3 028000 8086', '0000:00:1a.0 0c0300 8086']
    expect(units([...slots, '0000:00:1a.7 0c0320 8086'])).toEqual([['00:14.0'], ['00:14.3'], ['00:1a.0', '00:1a.7']])
  })

  it('goes alone in a slot of an AMD processor', () => {
    expect(units(['0000:05:00.2 108000 1022', '0000:05:00.3 0c0330 1022', '0000:05:00.4 0c0330 1022'])).toEqual([
      ['05:00.2'],
      ['05:00.3'],
      ['05:00.4'],
    ])
  })

  it('is nothing of the inside of processor and chipset, and no bridge', () => {
    expect(units(['0000:00:1f.4 0c0500 8086', '0000:00:05.0 088000 8086', '0000:00:1f.0 060100 8086'])).toEqual([])
    expect(units(['0000:6a:01.0 088000 8086'])).toEqual([])
  })
})
