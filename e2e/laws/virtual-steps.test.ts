import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { Executor } from '#helper/executor.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { SHARING_CARD, VIRTUAL_FUNCTIONS, withVirtualFunctions } from '#host/simulated/paper/virtual.fixture.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { verbOf } from '#shared/plan/helper-protocol.ts'
import { reservedUnit } from '#shared/units/reserved-unit.ts'
import type { Choices } from '#shared/wizard/choices.ts'

const [FIRST, SECOND] = VIRTUAL_FUNCTIONS

function asking(count: number, units: readonly string[] = []): { cards: Choices['cards'] } {
  return {
    cards: {
      units: units.map((address) => reservedUnit.parse({ address })),
      virtualFunctions: [{ address: SHARING_CARD, identity: null, count }],
    },
  }
}

async function page(host: SimulatedHost, choices: ReturnType<typeof asking>) {
  return stepView(await factsFrom(host), 'cards', choices)
}

async function apply(host: SimulatedHost, choices: ReturnType<typeof asking>): Promise<string[]> {
  const { plan } = await page(host, choices)
  expect(verbOf({ kind: 'apply', plan })).toBe('apply-cards')
  await new Executor(host, 0, () => undefined).apply(plan)
  return plan.changes.map(({ change }) => change.kind)
}

async function drivers(host: SimulatedHost) {
  const { devices } = await factsFrom(host)
  return devices.filter(({ physfn }) => physfn !== null).map(({ address, driver }) => [address, driver])
}

const statusOf = async (host: SimulatedHost, choices: ReturnType<typeof asking>) =>
  (await page(host, choices)).findings.find(({ code }) => code === 'card-virtual')

describe('virtual functions that step 4 makes', () => {
  it('are there at once and after each boot, held for VMs where reserved, and gone after undo', async () => {
    const host = simulated(withVirtualFunctions())
    const before = [...host.tree()]
    expect(await statusOf(host, asking(2))).toMatchObject({ status: 'fail', about: SHARING_CARD })
    expect(await apply(host, asking(2))).toEqual(['set-virtual-functions', 'write-file', 'write-file', 'write-file'])
    expect(await drivers(host)).toEqual([
      [FIRST, null],
      [SECOND, null],
    ])
    expect(await statusOf(host, asking(2))).toMatchObject({ status: 'pass' })

    expect(await apply(host, asking(2, [FIRST]))).toEqual(['write-file'])
    host.reboot()
    expect(await drivers(host)).toEqual([
      [FIRST, 'vfio-pci'],
      [SECOND, null],
    ])
    expect((await page(host, asking(2, [FIRST]))).plan.changes).toEqual([])

    await new Executor(host, 0, () => undefined).undo({ kind: 'all' })
    host.reboot()
    expect(await drivers(host)).toEqual([])
    expect([...host.tree()]).toEqual(before)
  })

  it('are not planned for a card that is lost, full, or with a VM', async () => {
    const refusals = [
      [simulated(withVirtualFunctions()), 4, 'at most 3'],
      [simulated(withVirtualFunctions(0, 'vfio-pci')), 1, 'on vfio-pci itself'],
    ] as const
    for (const [host, count, why] of refusals) {
      expect((await page(host, asking(count))).plan.changes).toEqual([])
      const found = await statusOf(host, asking(count))
      expect(found).toMatchObject({ status: 'fail', text: expect.stringContaining(why) as string })
    }
    const moved = { ...asking(1) }
    moved.cards.virtualFunctions = [{ address: SHARING_CARD, identity: '8086:1521 - elsewhere', count: 1 }]
    expect((await page(simulated(withVirtualFunctions()), moved)).plan.changes).toEqual([])
  })
})
