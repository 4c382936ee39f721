import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { paperFacts, TWIN } from '#host/simulated/paper/facts.fixture.ts'
import { SHARING_CARD, withVirtualFunctions } from '#host/simulated/paper/virtual.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { identityOf, wayTo } from '#shared/facts/identity.ts'
import type { Change, ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { reserving } from '#shared/wizard/choices.fixture.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { oursIn, withHostChoices } from './host-choices.ts'
import { earlyScript } from './texts/early-bind.ts'

const CARD = '0000:04:00.0'
const SOUND = '0000:04:00.1'

function made(change: Change, reverted: JournalEntry['reverted'] = null): JournalEntry {
  const before = { files: [], createdDirectories: [], values: {} }
  const where = { tx: 't', index: 0, step: 'bind', at: '', boot: 'b' } as const
  return { ...where, change, before, after: null, reverted, confirmed: null, contents: null, failed: null }
}

function bound(facts: Facts, address: string, way?: string): Change {
  const device = facts.devices.find((one) => one.address === address)
  const { vendorId = '', deviceId = '' } = device ?? {}
  return {
    ...{ kind: 'override-driver', address, override: 'vfio-pci' },
    expected: { override: null, vendorId, deviceId, ...(way === undefined ? {} : { way }) },
  }
}

describe('choices for the host as a whole', () => {
  it('are what is in force where a user has chosen nothing', async () => {
    const facts = await paperFacts()
    const lead = facts.devices.find((one) => one.address === CARD)
    if (lead === undefined) throw new Error('no card')
    const journal = [made(bound(facts, CARD)), made(bound(facts, SOUND))]
    expect(withHostChoices(DEFAULT_CHOICES, facts, journal).cards).toEqual({
      units: [{ address: CARD, identity: identityOf(lead, facts.devices), companions: [], when: 'now' }],
      virtualFunctions: [],
    })
  })

  it('name every unit that is bound, cards and further devices', async () => {
    const facts = await paperFacts()
    const other = facts.devices.find((one) => one.classId.startsWith('0c03'))?.address ?? ''
    const journal = [made(bound(facts, CARD)), made(bound(facts, other))]
    expect(withHostChoices(DEFAULT_CHOICES, facts, journal).cards).toMatchObject({
      units: [{ address: CARD }, { address: other }],
    })
  })

  it('name the virtual functions that were made, as last, until a user chooses another number', async () => {
    const facts = await factsFrom(simulated(withVirtualFunctions()))
    const making = (count: number, now: number): Change => ({
      ...{ kind: 'set-virtual-functions', address: SHARING_CARD, count },
      expected: { now, vendorId: '8086', deviceId: '1521' },
    })
    const journal = [made(making(2, 0)), made(making(3, 2))]
    const found = withHostChoices(DEFAULT_CHOICES, facts, journal).cards.virtualFunctions
    expect(found).toMatchObject([{ address: SHARING_CARD, count: 3 }])
    const virtualFunctions = [{ address: SHARING_CARD, identity: null, count: 0 }]
    const own = { ...DEFAULT_CHOICES, cards: { units: [], virtualFunctions } }
    expect(withHostChoices(own, facts, journal).cards.virtualFunctions).toEqual(virtualFunctions)
  })

  it('give way to what a user has chosen', async () => {
    const facts = await paperFacts()
    const own = { ...DEFAULT_CHOICES, cards: reserving('0000:09:00.0') }
    expect(withHostChoices(own, facts, [made(bound(facts, CARD))])).toEqual(own)
  })

  it('are none where it was taken back, or where another device is at the address by now', async () => {
    const facts = await paperFacts()
    const change = bound(facts, CARD)
    const moved = facts.devices.map((one) => (one.address === CARD ? { ...one, deviceId: '1111' } : one))
    expect(withHostChoices(DEFAULT_CHOICES, facts, [made(change, { at: '', note: null, left: false })])).toEqual(
      DEFAULT_CHOICES,
    )
    expect(withHostChoices(DEFAULT_CHOICES, { ...facts, devices: moved }, [made(change)])).toEqual(DEFAULT_CHOICES)
  })

  it('say where a card went that the rule names, and reserve no twin at its address', async () => {
    const before = await paperFacts()
    const lead = before.devices.find((one) => one.address === CARD)
    if (lead === undefined) throw new Error('no card')
    const way = wayTo(lead, before.devices)
    const named = { address: CARD, vendorId: '10de', deviceId: '13f1', way }
    const override = bound(before, CARD, way)
    const facts = await withTwinAtItsPlace()
    for (const journal of [[made(rule([named]))], [made(override), made(rule([named]))]]) {
      const { cards } = withHostChoices(DEFAULT_CHOICES, facts, journal)
      expect(cards.units).toEqual([
        { address: CARD, identity: identityOf(lead, before.devices), companions: [], when: 'boot' },
      ])
      const now = situation(facts, { cards })
      expect(now.reserved).toEqual([])
      expect(now.lost).toMatchObject([{ address: CARD, movedTo: ['0000:06:00.0'] }])
      expect(oursIn(facts, journal)).toEqual([])
    }
    expect(withHostChoices(DEFAULT_CHOICES, facts, [made(override)])).toEqual(DEFAULT_CHOICES)
  })

  it('have no virtual functions of a twin', async () => {
    const facts = await factsFrom(simulated(withVirtualFunctions()))
    const expected = { now: 0, vendorId: '8086', deviceId: '1521', way: '0000:00:02.0/00.0' }
    const journal = [made({ kind: 'set-virtual-functions', address: SHARING_CARD, count: 2, expected })]
    expect(withHostChoices(DEFAULT_CHOICES, facts, journal).cards.virtualFunctions).toEqual([])
  })

  it('keep the generator of the initramfs that was chosen of two', async () => {
    const facts = await paperFacts()
    const initramfs = [
      { id: 'dracut', evidence: '', dropIns: false, elsewhere: [] },
      { id: 'initramfs-tools', evidence: '', dropIns: false, elsewhere: [] },
    ] satisfies Facts['boot']['initramfs']
    const two: Facts = { ...facts, boot: { ...facts.boot, initramfs } }
    const rebuilt = made({ kind: 'rebuild-initramfs', tool: 'update-initramfs', outputs: [] })
    expect(withHostChoices(DEFAULT_CHOICES, two, [rebuilt]).boot.initramfs).toBe('initramfs-tools')
    expect(withHostChoices(DEFAULT_CHOICES, two, []).boot.initramfs).toBeNull()
  })

  it('keep no generator where what boots next was built without the rule, and another has come', async () => {
    const facts = await paperFacts()
    const tool = (id: 'dracut' | 'initramfs-tools') => ({ id, evidence: '', dropIns: false, elsewhere: [] })
    const built = (rule: 'missing' | 'runs', initramfs: Facts['boot']['initramfs']): Facts => {
      const nextImage = { path: '/boot/initrd.img-6', stamp: null, sinceBoot: null, contents: { vfioPci: true, rule } }
      return { ...facts, boot: { ...facts.boot, initramfs, nextImage } }
    }
    const rebuilt = made({ kind: 'rebuild-initramfs', tool: 'update-initramfs', outputs: [] })
    const kept = (of: Facts) => withHostChoices(DEFAULT_CHOICES, of, [rebuilt]).boot.initramfs
    const both = [tool('dracut'), tool('initramfs-tools')]
    expect(kept(built('missing', both))).toBeNull()
    expect(kept(built('runs', both))).toBe('initramfs-tools')
    expect(kept(built('missing', [tool('initramfs-tools')]))).toBe('initramfs-tools')
  })

  it('do not have a unit at each boot whose rule was taken out for another generator', async () => {
    const facts = await paperFacts()
    const [card] = facts.devices.filter(({ address }) => address === CARD)
    if (card === undefined) throw new Error('no card')
    const functions = [{ address: CARD, vendorId: card.vendorId, deviceId: card.deviceId, way: null }]
    const out = made({ kind: 'remove-file', path: OWN_FILES.initramfsInitTop, expected: '' })
    const when = (journal: JournalEntry[]) =>
      withHostChoices(DEFAULT_CHOICES, facts, journal).cards.units?.map((unit) => unit.when)
    expect(when([made(rule(functions))])).toEqual(['boot'])
    expect(when([made(rule(functions)), out])).toEqual(['now'])
    const anew = made({ ...rule(functions), path: OWN_FILES.earlyScript })
    expect(when([made(rule(functions)), out, anew])).toEqual(['boot'])
    expect(when([made(rule(functions)), anew, out])).toEqual(['boot'])
  })
})

function rule(functions: Parameters<typeof earlyScript>[0]): ChangeOf<'write-file'> {
  const text = earlyScript(functions)
  return { kind: 'write-file', path: OWN_FILES.initramfsInitTop, text, mode: 0o755, expected: null }
}

/** The paper's workstation with its card on another bus, behind the same port, and a twin at its address. */
async function withTwinAtItsPlace(): Promise<Facts> {
  const shifted = PAPER_WORKSTATION.devices.map((one) => ({
    ...one,
    address: one.address.replace('0000:04:', '0000:06:'),
  }))
  const twin = { ...TWIN, address: CARD, subsystem: '10de:1153', parent: '0000:00:02.0' }
  return paperFacts({ devices: [...shifted, twin] })
}

describe('functions that this program keeps for VMs', () => {
  const early = (facts: Facts, address: string) => {
    const { vendorId, deviceId } = facts.devices.find((one) => one.address === address) ?? {
      vendorId: '',
      deviceId: '',
    }
    return { address, vendorId, deviceId, way: null }
  }
  const addresses = (facts: Facts, journal: JournalEntry[]) => oursIn(facts, journal).map(({ address }) => address)

  it('are those of the last rule, and of an earlier one until they are given back', async () => {
    const facts = await paperFacts()
    const both = [made(rule([early(facts, CARD), early(facts, SOUND)])), made(rule([early(facts, SOUND)]))]
    expect(addresses(facts, both)).toEqual([CARD, SOUND])
    const expected = { driver: 'vfio-pci', override: 'vfio-pci', vendorId: '10de', deviceId: '13f1' }
    const back = made({ kind: 'give-back', address: CARD, expected })
    expect(addresses(facts, [...both, back])).toEqual([SOUND])
    expect(withHostChoices(DEFAULT_CHOICES, facts, both).cards.units).toMatchObject([{ address: CARD, when: 'boot' }])
  })
})
