import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { announcesAgent, isFunction, parseGuestReport } from './guest-report.ts'

const FROM = { vm: 'designer', at: 'now', source: 'serial' } as const

const SERIAL = `SeaBIOS\r\n[    0.1] noise
passthrough-studio-proof kernel 6.1.0-56-amd64\r
passthrough-studio-proof function 0000:01:00.0 0x1234 0x1111 0x030000\r
passthrough-studio-proof function 0000:01:00.1 0x10de 0x0fbc 0x040300 nvidia 550.54.14\r
passthrough-studio-proof function 0000:01:00.2 0x10de 0x0fbd 0x0c0330 - -\r
passthrough-studio-proof function broken
passthrough-studio-proof end\r
`

const plain = { driver: null, driverVersion: null, trouble: null }

describe('the guest’s report', () => {
  it('is read from among other serial output', () => {
    expect(parseGuestReport(SERIAL, FROM)).toEqual({
      at: 'now',
      vm: 'designer',
      kernel: '6.1.0-56-amd64',
      source: 'serial',
      functions: [
        { ...plain, address: '0000:01:00.0', vendorId: '1234', deviceId: '1111', classId: '030000' },
        {
          ...plain,
          ...{ address: '0000:01:00.1', vendorId: '10de', deviceId: '0fbc', classId: '040300' },
          ...{ driver: 'nvidia', driverVersion: '550.54.14' },
        },
        { ...plain, address: '0000:01:00.2', vendorId: '10de', deviceId: '0fbd', classId: '0c0330' },
      ],
      simulated: false,
    })
  })

  it('is none before its last line', () => {
    expect(parseGuestReport(SERIAL.slice(0, SERIAL.indexOf('proof end')), FROM)).toBeNull()
  })

  it('has no function in another form, and no control characters', () => {
    const lines = [
      'kernel 6.1\u001b[2J',
      'function 0000:01:00.0\u001b[31m 0x1234 0x1111 0x030000',
      'function 0000:01:00.0 0x1234\u0007 0x1111 0x030000',
      'function 0000:01:00.0 0x1234 0x1111 VGA',
      'end',
    ]
    const text = lines.map((line) => `passthrough-studio-proof ${line}\n`).join('')
    expect(parseGuestReport(text, FROM)).toMatchObject({ kernel: '6.1?[2J', functions: [] })
  })

  it('never throws on the output of a hostile guest', () => {
    fc.assert(fc.property(fc.string(), (noise) => void parseGuestReport(`${noise}\n${SERIAL}`, FROM)))
  })

  it('says whether an agent follows', () => {
    expect(announcesAgent(SERIAL)).toBe(false)
    expect(announcesAgent(`passthrough-studio-proof agent\r\n${SERIAL}`)).toBe(true)
  })

  it('matches a function by class only where the guest reported one', () => {
    const device = { vendorId: '10de', deviceId: '0fbc', classId: '040300' }
    const seen = { ...plain, address: null, vendorId: '10de', deviceId: '0fbc' }
    expect(isFunction({ ...seen, classId: null }, device)).toBe(true)
    expect(isFunction({ ...seen, classId: '030000' }, device)).toBe(false)
  })
})
