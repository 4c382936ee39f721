import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { freeVmName } from '#shared/vm/vm.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import type { SavedVm } from '#shared/wizard/saved-vm.ts'
import { addVm, forgetVm, freshVm, type Roster, rosterNames, savedVmOf, selectVm } from './roster.ts'
import { FRESH_STATE } from './saved-state.ts'

const CARD = { at: '2026-01-01', boot: 'b', functions: ['0000:04:00.0'], opened: true, said: '' }

/** VMs that can be told apart by everything that belongs to them. */
const roster: fc.Arbitrary<Roster> = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/u), { minLength: 1, maxLength: 6 })
  .map((names) => {
    const [first = marked('x', 0), ...others] = names.map(marked)
    const { definition, network, launch } = first
    const cards = reserving('0000:04:00.0')
    return {
      choices: choosing({ cards, definition, network, launch }),
      proofs: { ...NO_PROOFS, ...first.proofs, vfioOpen: [CARD] },
      others,
    }
  })

function marked(name: string, index: number): SavedVm {
  const said = `said of ${name}`
  return {
    definition: { ...DEFAULT_CHOICES.definition, name, memoryMiB: 1024 + index },
    network: { mode: 'bridge', bridge: `br-${name}`, seconds: 60, forwards: [] },
    launch: { ...DEFAULT_CHOICES.launch, guestAddress: `10.0.0.${index}` },
    proofs: { dryStart: { at: '2026-01-01', argv: name, accepted: true, said }, guestReport: null },
  }
}

/** Everything of every VM, in no order. */
function vmsOf(all: Roster): SavedVm[] {
  return [savedVmOf(all), ...all.others].sort((a, b) => a.definition.name.localeCompare(b.definition.name))
}

const deed = fc.oneof(
  fc.record({ kind: fc.constant('select' as const), at: fc.nat(9) }),
  fc.record({ kind: fc.constant('add' as const) }),
  fc.record({ kind: fc.constant('forget' as const), at: fc.nat(9) }),
)

describe('the roster of VMs', () => {
  it('loses nothing of any VM by selecting one, and changes nothing that all share', () => {
    fc.assert(
      fc.property(roster, fc.nat(9), (before, at) => {
        const name = rosterNames(before)[at % rosterNames(before).length] ?? ''
        const after = selectVm(before, name)
        expect(after.choices.definition.name).toBe(name)
        expect(vmsOf(after)).toEqual(vmsOf(before))
        expect(after.choices.cards).toEqual(before.choices.cards)
        expect(after.proofs.vfioOpen).toEqual([CARD])
      }),
    )
  })

  it('is as before after selecting another VM and then the former again', () => {
    fc.assert(
      fc.property(roster, fc.nat(9), (before, at) => {
        const name = rosterNames(before)[at % rosterNames(before).length] ?? ''
        expect(selectVm(selectVm(before, name), before.choices.definition.name)).toEqual(before)
      }),
    )
  })

  it('keeps names unique and one VM selected, and loses only forgotten VMs, whatever is done', () => {
    fc.assert(
      fc.property(roster, fc.array(deed, { maxLength: 20 }), (start, deeds) => {
        let now = start
        for (const each of deeds) {
          const former = vmsOf(now)
          const name =
            each.kind === 'add'
              ? freeVmName(rosterNames(now))
              : (rosterNames(now)[each.at % rosterNames(now).length] ?? '')
          if (each.kind === 'select') now = selectVm(now, name)
          if (each.kind === 'add') now = addVm(now, freshVm(name))
          if (each.kind === 'forget' && name !== now.choices.definition.name) now = forgetVm(now, name)
          const touched = each.kind === 'select' ? '' : name
          const rest = (vms: SavedVm[]) =>
            vms.filter(
              ({ definition }) => definition.name !== touched || definition.name === now.choices.definition.name,
            )
          expect(rest(vmsOf(now))).toEqual(rest(former))
          expect(new Set(rosterNames(now)).size).toBe(rosterNames(now).length)
        }
      }),
    )
  })

  it('refuses to forget the selected VM, and says what to do', () => {
    const last: Roster = FRESH_STATE
    expect(() => forgetVm(last, 'designer')).toThrow('is selected and cannot be forgotten')
    expect(() => forgetVm(addVm(last, freshVm('win')), 'designer')).toThrow('is selected')
  })

  it('refuses to add a name in use, and to select one that no VM has', () => {
    expect(() => addVm(FRESH_STATE, freshVm('designer'))).toThrow('Another VM is called "designer" already.')
    expect(() => selectVm(FRESH_STATE, 'win')).toThrow('There is no VM "win".')
  })

  it('gives a new VM nothing of the one that was selected', () => {
    const busy: Roster = {
      ...FRESH_STATE,
      choices: choosing({ definition: { memoryMiB: 9000 } }),
    }
    const { choices, proofs } = selectVm(addVm(busy, freshVm('win')), 'win')
    expect(choices).toEqual(choosing({ definition: { name: 'win' } }))
    expect(proofs).toMatchObject(NO_PROOFS)
  })
})
