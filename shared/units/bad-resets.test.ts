import { expect, test } from 'vitest'
import { badReset, resetsBadly } from './bad-resets.ts'

function chip(ids: string, methods: readonly string[] | null = ['bus'], physfn: string | null = null) {
  const [vendorId = '', deviceId = ''] = ids.split(':')
  return { vendorId, deviceId, resetMethods: methods === null ? null : [...methods], physfn }
}

test.each([
  ['Radeon RX 580 (Polaris 10)', '1002:67df'],
  ['Radeon RX 550 (Polaris 12)', '1002:699f'],
  ['Radeon RX Vega 64', '1002:687f'],
  ['Radeon VII', '1002:66af'],
  ['Radeon RX 5700 XT (Navi 10)', '1002:731f'],
  ['Radeon RX 5500 XT (Navi 14)', '1002:7340'],
  ['Radeon RX 7900 XTX (Navi 31)', '1002:744c'],
  ['Radeon RX 9070 XT (Navi 48)', '1002:7550'],
  ['Radeon of a Ryzen 5700U', '1002:164c'],
  ['GeForce RTX 5090', '10de:2b85'],
  ['GeForce RTX 5070 Ti', '10de:2c05'],
])('%s is known to come back badly from a reset', (_, ids) => {
  expect(resetsBadly(chip(ids))).toBe(true)
})

test.each([
  ['Radeon RX 6800 (Navi 21)', '1002:73bf'],
  ['GeForce RTX 4090', '10de:2684'],
  ['Quadro M4000', '10de:13f1'],
  ['Arc A770', '8086:56a0'],
])('of %s nothing is known', (_, ids) => {
  expect(badReset(chip(ids))).toBeNull()
})

test('vendor-reset cures the chips it knows, and no others', () => {
  expect(badReset(chip('1002:67df'))).toContain('vendor-reset helps')
  expect(resetsBadly(chip('1002:67df', ['device_specific', 'bus']))).toBe(false)
  expect(resetsBadly(chip('1002:7550', ['device_specific', 'bus']))).toBe(true)
})

test('a virtual function is reset by itself', () => {
  expect(resetsBadly(chip('1002:74a1', ['flr'], '0000:05:00.0'))).toBe(false)
})
