import { type ReservedUnit, reservedUnit } from '../units/reserved-unit.ts'
import { type Choices, DEFAULT_CHOICES } from './choices.ts'

/** What a test chooses, step by step. */
export type Chosen = { readonly [Step in keyof Choices]?: Partial<Choices[Step]> }

/** Reserves units of a host at their addresses, each at every boot unless said otherwise. */
export function reserving(address: string, more: Partial<ReservedUnit> = {}): Choices['cards'] {
  return { ...DEFAULT_CHOICES.cards, units: [reservedUnit.parse({ address, ...more })] }
}

/** Completes the choices of a test with the defaults. */
export function choosing(chosen: Chosen): Choices {
  return {
    ...DEFAULT_CHOICES,
    boot: { ...DEFAULT_CHOICES.boot, ...chosen.boot },
    cards: { ...DEFAULT_CHOICES.cards, ...chosen.cards },
    bind: { ...DEFAULT_CHOICES.bind, ...chosen.bind },
    network: { ...DEFAULT_CHOICES.network, ...chosen.network },
    definition: { ...DEFAULT_CHOICES.definition, ...chosen.definition },
    launch: { ...DEFAULT_CHOICES.launch, ...chosen.launch },
  }
}
