import { expect, test } from 'vitest'
import { hostPart } from './host-parts.ts'

/** `class vendor driver address`; `-`: none. */
function part(row: string): string | null {
  const [classId = '', vendorId = '', driver = '-', address = '0000:05:00.0'] = row.split(' ')
  return hostPart({ address, classId, vendorId, driver: driver === '-' ? null : driver })
}

test.each([
  ['the IOMMU', '080600 1022', 'it is the IOMMU itself'],
  ['the security processor of an AMD CPU', '108000 1022 ccp', 'firmware TPM'],
  ['the management engine without its driver', '078000 8086 - 0000:00:16.0', 'management engine'],
  ['whatever mei_me drives', '078000 1234 mei_me', 'management engine'],
  ['the flash controller of the chipset', '0c8000 8086 - 0000:00:1f.5', 'firmware lies behind'],
  ['an NVSwitch', '068000 10de nvidia', 'NVSwitch'],
  ['an ISA bridge', '060100 8086 lpc_ich', 'connects other devices'],
])('%s is a part of the host itself', (_, row, words) => {
  expect(part(row)).toContain(words)
})

test.each([
  ['an accelerator for encryption', '108000 8086 qat_4xxx'],
  ['a serial port of the chipset', '078000 8086 intel-lpss 0000:00:1e.0'],
  ['a card’s USB-C controller', '0c8000 10de'],
  ['a GPU', '030000 10de nvidia'],
])('%s is none', (_, row) => {
  expect(part(row)).toBeNull()
})
