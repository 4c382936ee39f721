import { describe, expect, it } from 'vitest'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { wayTo } from '#shared/facts/identity.ts'
import { devicePath, overrideOf } from '../device-state.ts'
import { beforeValues } from '../handler.ts'
import { Backups } from '../journal/backups.ts'
import { bindDriver } from './bind-driver.ts'
import { overrideDriver } from './override-driver.ts'

const GPU = '0000:04:00.0'
const IDS = { vendorId: '10de', deviceId: '13f1' }
/** Where the card was when it was bound; by now its twin is at its address. */
const FORMERLY = '0000:00:02.0/00.0'
const NOTE = '04:00.0 holds one of its kind behind other ports by now, which stays as it is.'

const override = (way: string) =>
  ({ kind: 'override-driver', address: GPU, override: 'vfio-pci', expected: { override: null, ...IDS, way } }) as const
const bind = (way: string) =>
  ({ kind: 'bind-driver', address: GPU, driver: 'vfio-pci', expected: { driver: 'nouveau', ...IDS, way } }) as const

function workOn(system: SimulatedHost) {
  return { system, caller: 0, backups: new Backups(system), log: () => undefined, tx: 'test' }
}

const ENTRY = {
  ...({ tx: 'test', index: 0, step: 'bind', at: '', boot: '', contents: null, after: null } as const),
  ...{ reverted: null, failed: null, confirmed: null },
}

async function wayNow(host: SimulatedHost): Promise<string> {
  const { devices } = await factsFrom(host)
  return wayTo({ address: GPU, parent: devices.find(({ address }) => address === GPU)?.parent ?? null }, devices)
}

describe('a function whose twin is at its address by now', () => {
  it('is not bound, while one that is reached as the plan saw is', async () => {
    const host = simulated(PAPER_WORKSTATION)
    const problem = { code: 'conflict', message: expect.stringContaining('one of its kind behind other') as string }
    await expect(overrideDriver.check(workOn(host), override(FORMERLY))).rejects.toMatchObject({ problem })
    await expect(bindDriver.check(workOn(host), bind(FORMERLY))).rejects.toMatchObject({ problem })
    await overrideDriver.check(workOn(host), override(await wayNow(host)))
    await bindDriver.check(workOn(host), bind(await wayNow(host)))
  })

  it('leaves the twin what others gave it when it is taken back', async () => {
    const host = simulated(PAPER_WORKSTATION)
    await host.writeAttribute(`${devicePath(GPU)}/driver_override`, 'vfio-pci')
    const before = beforeValues({ override: null })
    const [was, is] = [override(FORMERLY), override(await wayNow(host))]
    const moved = await overrideDriver.revert(workOn(host), was, { ...ENTRY, change: was, before })
    expect(moved).toEqual({ note: NOTE, regenerate: null })
    expect(await overrideOf(host, GPU)).toBe('vfio-pci')
    await overrideDriver.revert(workOn(host), is, { ...ENTRY, change: is, before })
    expect(await overrideOf(host, GPU)).toBeNull()
  })
})
