import { describe, expect, it } from 'vitest'
import type { Facts } from '#shared/facts/facts.ts'
import { decideSetApart } from './pinning.ts'

describe('processors set apart', () => {
  const pinning = { vcpus: [1], emulator: [0] }
  const host = (systemd: boolean) => ({ network: { systemd } }) as Facts

  it('needs that it was chosen, pinned processors and systemd', () => {
    expect(decideSetApart(host(true), { setApart: true }, pinning)).toBe(true)
    expect(decideSetApart(host(true), { setApart: false }, pinning)).toBe(false)
    expect(decideSetApart(host(true), { setApart: true }, null)).toBe(false)
    expect(decideSetApart(host(false), { setApart: true }, pinning)).toBe(false)
  })
})
