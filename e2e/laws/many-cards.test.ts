import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simulatedSession } from '#app/session/session.ts'
import { Studio } from '#app/studio.ts'
import { descriptionOf, readMachineFiles } from '#e2e/hosts/machine.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import type { ReservedUnit } from '#shared/units/reserved-unit.ts'
import { givenTo } from '#shared/vm/vm.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

const CARDS = ['0000:07:00.0', '0000:08:00.0', '0000:0e:00.0', '0000:0f:00.0']
const NAMES = ['vm-a', 'vm-b', 'vm-c', 'vm-d']

async function workstation() {
  const file = readMachineFiles().find(({ name }) => name === 'dgx-station-four-v100')
  if (file === undefined) throw new Error('not described')
  const host = simulated(descriptionOf(file))
  const studio = new Studio(simulatedSession(host))
  await studio.open()
  return { studio, host }
}

async function reserve(studio: Studio, units: ReservedUnit[]): Promise<void> {
  const { choices } = studio.current.saved
  await studio.choose({ ...choices, cards: { ...choices.cards, units } })
}

async function apply(studio: Studio, id: StepId): Promise<void> {
  const { plan, verdict } = studio.viewOf(id)
  if (plan.changes.length === 0) throw new Error(`${id} plans nothing: ${verdict.text}`)
  await studio.apply(plan.id, plan.confirm?.type ?? null)
}

function functionsOf(card: string): string[] {
  return [card, card.replace(/0$/u, '1')]
}

function bound(studio: Studio): string[] {
  const devices = studio.current.facts?.devices ?? []
  return devices.filter(heldByVfio).map(({ address }) => address)
}

describe('a workstation with four equal cards', () => {
  it('has each in a VM of its own, all four up at a time, and is as before after undo', async () => {
    const { studio, host } = await workstation()
    const before = bound(studio)
    const units = CARDS.flatMap((address) => reserving(address).units ?? [])
    await reserve(studio, units)
    for (const id of ['kernel', 'boot', 'bind'] as const)
      if (studio.viewOf(id).plan.changes.length > 0) await apply(studio, id)
    await studio.reboot()
    expect(bound(studio)).toEqual(CARDS.flatMap(functionsOf))
    const { choices } = studio.current.saved
    await studio.choose({ ...choices, definition: { ...choices.definition, name: 'vm-a', memoryMiB: 1024 } })
    for (const [index, name] of NAMES.entries()) {
      if (index > 0) {
        await studio.addVm(name)
        const fresh = studio.current.saved.choices
        await studio.choose({ ...fresh, definition: { ...fresh.definition, memoryMiB: 1024 } })
      }
      // Nothing was chosen: each takes the first card that no other VM has.
      await apply(studio, 'definition')
      await studio.startVm()
    }
    expect(studio.current.vms.map(({ name, state }) => `${name}: ${state}`)).toEqual(
      NAMES.map((name) => `${name}: running`),
    )
    const given = NAMES.map((name) => studio.situation().written.get(name)).map((vm) => (vm ? givenTo(vm) : []))
    expect(given).toEqual(CARDS.map(functionsOf))
    for (const name of NAMES) await studio.shutDownVm(name)
    await studio.undo({ kind: 'all' })
    expect(bound(studio)).toEqual(before)
    expect([...host.tree()]).toEqual([])
  })

  it('has bound after a boot what is reserved for it, and keeps the rest when one is dropped', async () => {
    const way = fc.constantFrom<ReservedUnit['when']>('boot', 'boot', 'vm', 'now')
    const some = fc.array(fc.record({ at: fc.constantFrom(...CARDS), when: way }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(some, fc.nat(), async (asked, dropped) => {
        const { studio, host } = await workstation()
        const wanted = new Map(asked.map(({ at, when }) => [at, when]))
        const reserveWanted = async () => {
          await reserve(
            studio,
            [...wanted].flatMap(([address, when]) => reserving(address, { when }).units ?? []),
          )
        }
        const atBoot = (ways: readonly ReservedUnit['when'][]) =>
          CARDS.filter((card) => ways.some((when) => wanted.get(card) === when)).flatMap(functionsOf)
        await reserveWanted()
        for (const id of ['kernel', 'bind'] as const)
          if (studio.viewOf(id).plan.changes.length > 0) await apply(studio, id)
        expect(bound(studio)).toEqual(atBoot(['boot', 'now']))
        await studio.reboot()
        expect(bound(studio)).toEqual(atBoot(['boot']))
        const gone = [...wanted.keys()][dropped % wanted.size] ?? ''
        wanted.delete(gone)
        await reserveWanted()
        if (studio.viewOf('bind').plan.changes.length > 0) await apply(studio, 'bind')
        expect(bound(studio)).toEqual(atBoot(['boot', 'now']))
        await studio.undo({ kind: 'all' })
        expect([...host.tree()]).toEqual([])
      }),
      { numRuns: 12 },
    )
  }, 300_000)
})
