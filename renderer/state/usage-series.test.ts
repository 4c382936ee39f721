import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VmUsage } from '#shared/vm/usage.ts'
import { pointsOf, WINDOW_MS, withSample } from './usage-series.ts'

const MIB = 1_048_576

function sample(at: number, busyMs: number, bytes: number, startedAt = 'then'): VmUsage {
  return {
    at,
    startedAt,
    vcpus: [0, 1].map((index) => ({ index, busyMs, lastOn: 0, allowed: [0] })),
    memoryMiB: 4096,
    residentMiB: 512,
    disk: { readBytes: bytes, writtenBytes: 2 * bytes },
    network: { receivedBytes: bytes, sentBytes: 0 },
    hostThreads: [{ id: 0, core: '0' }],
  }
}

describe('the charts’ points', () => {
  it('are rates since the sample before', () => {
    const [point] = pointsOf([sample(0, 0, 0), sample(2000, 500, 8 * MIB)])
    expect(point).toEqual({ at: 2000, cpu: 25, memoryMiB: 512, read: 4, written: 8, received: 4, sent: 0 })
    expect(pointsOf([sample(0, 0, 0)])).toEqual([])
  })

  it('break after a long pause, and where nothing is known', () => {
    expect(pointsOf([sample(0, 0, 0), sample(60_000, 500, 0)])[0]).toMatchObject({ cpu: null, read: null })
    const blind: VmUsage = { ...sample(2000, 1, 1), network: null, residentMiB: { unknown: 'denied' } }
    expect(pointsOf([sample(0, 0, 0), blind])[0]).toMatchObject({
      received: null,
      memoryMiB: null,
      read: expect.any(Number) as number,
    })
  })

  it('are never negative, nor more than all processors, whatever the counters do', () => {
    const any = fc.tuple(fc.nat({ max: 1e9 }), fc.nat({ max: 1e9 }))
    fc.assert(
      fc.property(any, any, ([busy, bytes], [busyLater, bytesLater]) => {
        const [point] = pointsOf([sample(0, busy, bytes), sample(1000, busyLater, bytesLater)])
        for (const value of [point?.cpu, point?.read, point?.written, point?.received, point?.sent])
          expect(value).toBeGreaterThanOrEqual(0)
        expect(point?.cpu).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('span five minutes of one run of the VM', () => {
    const two = withSample(withSample([], sample(0, 0, 0)), sample(2000, 0, 0))
    expect(two).toHaveLength(2)
    expect(withSample(two, sample(WINDOW_MS + 1000, 0, 0)).map(({ at }) => at)).toEqual([2000, WINDOW_MS + 1000])
    expect(withSample(two, sample(4000, 0, 0, 'another run'))).toHaveLength(1)
  })
})
