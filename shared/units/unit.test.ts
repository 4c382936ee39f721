import { describe, expect, it } from 'vitest'
import type { Device } from '../facts/pci.ts'
import { leadGpus, unitOf } from './unit.ts'

/** A function from `address class vendor parent`; what does not matter here is left blank. */
function device(row: string): Device {
  const [address = '', classId = '', vendorId = '', parent = '-'] = row.split(' ')
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
})
