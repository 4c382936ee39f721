import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { bind } from '#core/steps/bind/bind.ts'
import { cards } from '#core/steps/cards/cards.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { paperFacts, SPARE_NVME, TWIN, withDevice } from '#host/simulated/paper/facts.fixture.ts'
import { SHARING_CARD, withVirtualFunctions } from '#host/simulated/paper/virtual.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { identityOf } from '#shared/facts/identity.ts'
import type { ReservedUnit } from '#shared/units/reserved-unit.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { situationOf } from '../situation.ts'

const CARD = '0000:04:00.0'
const PCOIP = '0000:05:00.0'

const reserved = (...units: readonly Partial<ReservedUnit>[]) => ({
  cards: { units: units.flatMap(({ address = CARD, ...more }) => reserving(address, more).units ?? []) },
})
const leads = (facts: Facts, chosen: ReturnType<typeof reserved>) =>
  situation(facts, chosen).reserved.map(({ address, when }) => `${address} ${when}`)

describe('what the host reserves', () => {
  it('is its only card where nothing was chosen, and nothing where nothing is wanted', async () => {
    const facts = await paperFacts()
    expect(situation(facts).reserved.map(({ address }) => address)).toEqual([CARD])
    expect(leads(facts, reserved())).toEqual([])
    const two = await paperFacts(withDevice(TWIN))
    expect(situation(two).reserved).toEqual([])
  })

  it('is each unit once, by whichever of its functions it was named', async () => {
    const facts = await paperFacts()
    const chosen = reserved({ address: '0000:04:00.1' }, { when: 'vm' }, { address: '0000:05:00.2', when: 'now' })
    expect(leads(facts, chosen)).toEqual([`${CARD} boot`, `${PCOIP} now`])
  })

  it('has what goes along with a card in that unit alone', async () => {
    const facts = await paperFacts(withDevice(SPARE_NVME))
    const chosen = reserved({ companions: [SPARE_NVME.address] }, { address: SPARE_NVME.address })
    const [unit, ...others] = situation(facts, chosen).reserved
    expect(unit?.functions.map(({ address }) => address)).toEqual([CARD, '0000:04:00.1', SPARE_NVME.address])
    expect(others).toEqual([])
  })

  it('says where a card is that went to another bus with its slot, and binds none of all', async () => {
    const before = await paperFacts()
    const card = before.devices.find(({ address }) => address === CARD)
    if (card === undefined) throw new Error('no card')
    const identity = identityOf(card, before.devices)
    const shifted = PAPER_WORKSTATION.devices.map((device) => ({
      ...device,
      address: device.address.replace('0000:04:', '0000:06:'),
    }))
    const facts = await paperFacts({ devices: shifted })
    const now = situationOf(
      { ...facts, kernel: { ...facts.kernel, vfioPciReady: true } },
      choosing(reserved({ identity }, { address: PCOIP })),
    )
    expect(now.lost).toMatchObject([{ address: CARD, now: null, movedTo: ['0000:06:00.0'] }])
    expect(cards.verify(now)[0]).toMatchObject({
      code: 'gpu-gone',
      text: 'What was reserved at 04:00.0 is not there any more. It is at 06:00.0 by now.',
    })
    expect(bind.plan(now).changes).toEqual([])
    expect(bind.check(now)[0]).toMatchObject({ code: 'bind-card', status: 'fail' })
  })

  it('is barred by name where an update of the firmware put a disk into the card’s group', async () => {
    const facts = await paperFacts(withDevice(SPARE_NVME))
    const now = situation(facts, reserved({}, { address: PCOIP }))
    const found = bind.check(now).filter(({ code, status }) => code === 'bind-card' && status === 'fail')
    expect(found).toMatchObject([{ about: CARD, text: expect.stringContaining('07:00.0') as string }])
    expect(bind.plan(now).changes).toEqual([])
  })
})

it('A physical function is bound neither beside its virtual ones nor without them', async () => {
  const facts = await factsFrom(simulated(withVirtualFunctions(2)))
  const now = situationOf(
    { ...facts, kernel: { ...facts.kernel, vfioPciReady: true } },
    choosing(reserved({ address: SHARING_CARD })),
  )
  expect(cards.verify(now).find(({ code }) => code === 'card-viable')).toMatchObject({ status: 'fail' })
  expect(bind.check(now).find(({ code }) => code === 'bind-card')).toMatchObject({ status: 'fail' })
  expect(bind.plan(now).changes).toEqual([])
})

describe('what a VM takes', () => {
  const taken = (facts: Facts, chosen: Parameters<typeof situation>[1]) => {
    const { taken: units, missing } = situation(facts, chosen)
    return { units: units.map(({ address }) => address), missing }
  }

  it('is a card of its own choice before further devices, in that order', async () => {
    const facts = await paperFacts(withDevice(TWIN))
    const both = reserved({}, { address: TWIN.address }, { address: PCOIP })
    expect(taken(facts, both)).toEqual({ units: [CARD], missing: [] })
    const chosen = { ...both, definition: { cards: [TWIN.address], extraDevices: ['0000:05:00.1'] } }
    expect(taken(facts, chosen)).toEqual({ units: [TWIN.address, PCOIP], missing: [] })
  })

  it('lacks what is not reserved, and says so by its address', async () => {
    const facts = await paperFacts()
    const chosen = { ...reserved({}), definition: { extraDevices: [PCOIP, '0000:0a:00.0'] } }
    expect(taken(facts, chosen)).toEqual({ units: [CARD], missing: [PCOIP, '0000:0a:00.0'] })
  })
})
