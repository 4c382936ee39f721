import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGuestReport } from './guest-report.ts'

const SERIAL = `SeaBIOS\r\n[    0.1] noise
passthrough-studio-proof kernel 6.1.0-56-amd64\r
passthrough-studio-proof function 0000:01:00.0 0x1234 0x1111 0x030000\r
passthrough-studio-proof function broken
passthrough-studio-proof end\r
`

describe('the guest’s report', () => {
  it('is read from among other serial output', () => {
    expect(parseGuestReport(SERIAL, 'designer', 'now')).toEqual({
      at: 'now',
      vm: 'designer',
      kernel: '6.1.0-56-amd64',
      functions: [{ address: '0000:01:00.0', vendorId: '1234', deviceId: '1111', classId: '030000' }],
      simulated: false,
    })
  })

  it('is nothing before its last line', () => {
    expect(parseGuestReport(SERIAL.slice(0, SERIAL.indexOf('proof end')), 'designer', 'now')).toBeNull()
  })

  it('never throws on what a hostile guest prints', () => {
    fc.assert(fc.property(fc.string(), (noise) => void parseGuestReport(`${noise}\n${SERIAL}`, 'v', 'now')))
  })
})
