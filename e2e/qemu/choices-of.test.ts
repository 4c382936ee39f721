import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choicesFrom } from '#core/definition/choices-of.ts'
import { defineVm } from '#core/definition/definition.ts'
import { cardsOf } from '#core/units/units.ts'
import { NO_VM_PROOFS } from '#shared/facts/proofs.ts'
import { type Choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { anyChoices } from './any-choices.ts'
import { defined, realQemu, workstation } from './workstation.ts'

const facts = await workstation(await realQemu())
const disk = { kind: 'new', format: 'qcow2', sizeGiB: 80 } as const

const CHOSEN: readonly [string, Partial<Choices['definition']>][] = [
  ['a proof guest', {}],
  ['Windows 11 as decided', { profile: 'windows-11' }],
  [
    'Windows 10 with SeaBIOS, no sound and a driver disc',
    { profile: 'windows-10', bios: true, screen: false, driverIso: '/iso' },
  ],
  [
    'Linux with few processors, unpinned, on an image',
    { profile: 'linux', vcpus: 3, pin: false, memoryMiB: 2048, disk },
  ],
  ['a shared picture', { profile: 'linux', lookingGlass: { width: 3840, height: 2160 }, audio: 'none' }],
]

describe('choices derived from a definition somebody else wrote', () => {
  it.each(CHOSEN)('lead back to the same definition: %s', (_, machine) => {
    const definition = defined(facts, { ...machine, name: 'foreign' })
    const { proofs, ...own } = choicesFrom(definition)
    expect(defineVm(facts, { ...DEFAULT_CHOICES, ...own }, cardsOf(facts).slice(0, 1), null)).toEqual(definition)
    expect(proofs).toEqual(NO_VM_PROOFS)
  })

  it('lead to the same VM again, whatever was chosen, with kvmfr on this host and without', () => {
    const kvmfr = { ...facts, peripherals: { ...facts.peripherals, kvmfr: { sizeMiB: 64, nodeUid: 1000 } } }
    const card = cardsOf(facts).slice(0, 1)
    fc.assert(
      fc.property(anyChoices, fc.boolean(), (choices, loaded) => {
        const host = loaded ? kvmfr : facts
        const definition = defineVm(host, choices, card, null)
        if (definition === null) throw new Error('the choices lead to no VM')
        const { definition: again } = choicesFrom(definition)
        expect(defineVm(host, { ...choices, definition: again }, card, null)).toEqual(definition)
      }),
      { numRuns: 500 },
    )
  })
})
