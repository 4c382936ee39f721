import { describe, expect, it } from 'vitest'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { heldByVfio } from '#shared/units/drivers.ts'
import type { ReservedUnit } from '#shared/units/reserved-unit.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { openSession } from '../session/session.ts'
import { Studio } from '../studio.ts'
import { factsOf, walkSteps } from './proven.fixture.ts'

const CARD = '0000:04:00.0'
const PCOIP = ['0000:05:00.0', '0000:05:00.1', '0000:05:00.2']

async function opened(host = 'paper'): Promise<{ studio: Studio; host: SimulatedHost }> {
  const session = await openSession(host, 'unused')
  const studio = new Studio(session)
  await studio.open()
  if (!(session.host instanceof SimulatedHost)) throw new Error('not simulated')
  return { studio, host: session.host }
}

function units(...reserved: readonly (readonly [string, Partial<ReservedUnit>?])[]): { units: ReservedUnit[] } {
  return { units: reserved.flatMap(([address, more]) => reserving(address, more).units ?? []) }
}

async function reserve(studio: Studio, cards: { units: ReservedUnit[] }): Promise<void> {
  const { choices } = studio.current.saved
  await studio.choose({ ...choices, cards: { ...choices.cards, ...cards } })
}

async function take(studio: Studio, definition: { cards?: string[]; extraDevices?: string[] }): Promise<void> {
  const { choices } = studio.current.saved
  await studio.choose({ ...choices, definition: { ...choices.definition, ...definition } })
}

async function apply(studio: Studio, id: StepId): Promise<void> {
  const { plan, verdict } = studio.viewOf(id)
  if (plan.changes.length === 0) throw new Error(`${id} plans nothing: ${verdict.text}`)
  await studio.apply(plan.id, plan.confirm?.type ?? null)
}

function bound(studio: Studio): string[] {
  return factsOf(studio)
    .devices.filter(heldByVfio)
    .map(({ address }) => address)
}

describe('several units of one host', () => {
  it('are the paper’s card and its PCoIP card in one VM, through all nine steps and back', async () => {
    const { studio, host } = await opened()
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    await take(studio, { extraDevices: ['0000:05:00.0'] })
    await walkSteps(studio)
    expect(bound(studio)).toEqual([CARD, '0000:04:00.1', ...PCOIP])
    expect(studio.definition()).toMatchObject({ functions: [CARD, '0000:04:00.1'], extraDevices: PCOIP })
    expect(studio.current.saved.proofs.guestReport?.functions.map(({ deviceId }) => deviceId)).toEqual([
      ...['13f1', '0fbb'],
      ...['1200', '1201', '1202'],
    ])
    expect(studio.viewOf('launch').verdict.status).toBe('ok')
    await studio.shutDownVm()
    await studio.reboot()
    expect(bound(studio)).toEqual([CARD, '0000:04:00.1', ...PCOIP])
    await studio.undo({ kind: 'all' })
    expect(bound(studio)).toEqual([])
    expect([...host.tree()]).toEqual([])
  })

  it('are given back one by one, and the others stay at each boot', async () => {
    const { studio, host } = await opened()
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    for (const id of ['kernel', 'boot'] as const) await apply(studio, id)
    await studio.reboot()
    await apply(studio, 'bind')
    await reserve(studio, units(['0000:05:00.0']))
    expect(studio.viewOf('bind').verdict).toMatchObject({
      status: 'needs-work',
      text: '04:00.0 is not reserved any more, but still kept from the host.',
    })
    await apply(studio, 'bind')
    expect(bound(studio)).toEqual(PCOIP)
    expect(studio.viewOf('bind').verdict.status).toBe('ok')
    await studio.reboot()
    expect(bound(studio)).toEqual(PCOIP)
    await reserve(studio, { units: [] })
    await apply(studio, 'bind')
    expect(bound(studio)).toEqual([])
    await studio.undo({ kind: 'last' })
    expect(bound(studio)).toEqual(PCOIP)
    await studio.undo({ kind: 'all' })
    expect(bound(studio)).toEqual([])
    expect([...host.tree()]).toEqual([])
  })

  it('are not bound where a VM takes them at its start, and until the reboot where only for now', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD, { when: 'now' }], ['0000:05:00.0', { when: 'vm' }]))
    for (const id of ['kernel', 'boot'] as const) await apply(studio, id)
    await studio.reboot()
    await apply(studio, 'bind')
    expect(bound(studio)).toEqual([CARD, '0000:04:00.1'])
    await studio.reboot()
    expect(bound(studio)).toEqual([])
  })

  it('are not called ok while the rule for each boot names others than were chosen', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD], ['0000:05:00.0', { when: 'now' }]))
    for (const id of ['kernel', 'boot'] as const) await apply(studio, id)
    await studio.reboot()
    await apply(studio, 'bind')
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    expect(studio.viewOf('bind').verdict).toEqual({
      status: 'needs-work',
      text: 'The rule for each boot is not what is chosen for 05:00.0, 05:00.1, 05:00.2.',
    })
    await apply(studio, 'bind')
    await studio.reboot()
    expect(bound(studio)).toEqual([CARD, '0000:04:00.1', ...PCOIP])
    expect(studio.viewOf('verify').verdict.status).toBe('ok')
  })

  it('that were to be bound at the next boot only can all be dropped before it', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD]))
    for (const id of ['kernel', 'boot'] as const) await apply(studio, id)
    await studio.reboot()
    await studio.choose({ ...studio.current.saved.choices, bind: { live: false } })
    await apply(studio, 'bind')
    expect(bound(studio)).toEqual([])
    await reserve(studio, { units: [] })
    await apply(studio, 'bind')
    await studio.reboot()
    expect(bound(studio)).toEqual([])
  })

  it('that a running VM has stay its own, whatever was written for its next start', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    await take(studio, { extraDevices: ['0000:05:00.0'] })
    await walkSteps(studio)
    await take(studio, { extraDevices: [] })
    await apply(studio, 'definition')
    await reserve(studio, units([CARD]))
    await apply(studio, 'bind')
    expect(bound(studio)).toEqual([CARD, '0000:04:00.1', ...PCOIP])
    await studio.shutDownVm()
    await apply(studio, 'bind')
    expect(bound(studio)).toEqual([CARD, '0000:04:00.1'])
  })

  it('are tried with VFIO one by one, and not while a running VM has them', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD]))
    await walkSteps(studio)
    const [first] = factsOf(studio).proofs.vfioOpen
    expect(first?.functions).toEqual([CARD, '0000:04:00.1'])
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    await apply(studio, 'bind')
    expect(factsOf(studio).proofs.vfioOpen).toEqual([first, expect.objectContaining({ functions: PCOIP })])
  })

  it('stay with a VM that gets another name, and are followed by all VMs where they are now', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    await studio.addVm('other')
    await studio.selectVm('other')
    await take(studio, { cards: [CARD], extraDevices: ['0000:05:00.0'] })
    await studio.selectVm('designer')
    const { choices } = studio.current.saved
    await studio.choose({ ...choices, definition: { ...choices.definition, name: 'renamed' } })
    expect(studio.current.saved.choices.definition).toMatchObject({ name: 'renamed', cards: [CARD] })
    const moved = (choices.cards.units ?? []).map((unit) =>
      unit.address === '0000:05:00.0' ? { ...unit, address: '0000:06:00.0' } : unit,
    )
    await reserve(studio, { units: moved })
    const other = studio.current.saved.others.find(({ definition }) => definition.name === 'other')
    expect(other?.definition).toMatchObject({ cards: [CARD], extraDevices: ['0000:06:00.0'] })
  })

  it('go to a new VM by the address of any function of a card, and only where one is reserved', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    await studio.addVm('office', '0000:04:00.1')
    expect(studio.current.saved.choices.definition).toMatchObject({ name: 'office', cards: [CARD], memoryMiB: null })
    for (const address of ['0000:05:00.0', '0000:00:1f.0'])
      await expect(studio.addVm('third', address)).rejects.toMatchObject({
        problem: { code: 'refused', hint: 'Reserve it in step 4 first. Reserved now: 04:00.0.' },
      })
    expect(studio.current.vms.map(({ name }) => name)).toEqual(['designer', 'office'])
  })

  it('of another VM keep none from starting, and what was dropped is not taken any more', async () => {
    const { studio } = await opened()
    await reserve(studio, units([CARD]))
    await walkSteps(studio)
    await studio.shutDownVm()
    await reserve(studio, units([CARD], ['0000:05:00.0']))
    expect(studio.viewOf('verify').verdict.status).toBe('needs-work')
    await studio.startVm()
    await studio.shutDownVm()
    await apply(studio, 'bind')
    await take(studio, { extraDevices: ['0000:05:00.0'] })
    expect(studio.situation().missing).toEqual([])
    await reserve(studio, units([CARD]))
    expect(studio.situation().missing).toEqual(['0000:05:00.0'])
    await expect(studio.startVm()).rejects.toMatchObject({ problem: { code: 'refused' } })
  })

  it('stay undecided for a user who was shown what others reserved and chose something else', async () => {
    const { studio } = await opened()
    for (const id of ['kernel', 'boot'] as const) await apply(studio, id)
    await studio.reboot()
    await apply(studio, 'bind')
    const { choices } = studio.situation()
    expect(choices.cards.units).toMatchObject([{ address: CARD }])
    await studio.choose({ ...choices, definition: { ...choices.definition, memoryMiB: 2048 } })
    expect(studio.current.saved.choices.cards.units).toBeNull()
    expect(studio.current.saved.choices.definition.memoryMiB).toBe(2048)
  })
})
