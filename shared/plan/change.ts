import { z } from 'zod'
import { accessKinds } from './kinds/access.ts'
import { answersKinds } from './kinds/answers.ts'
import { bootKinds } from './kinds/boot.ts'
import { driversKinds } from './kinds/drivers.ts'
import { filesKinds } from './kinds/files.ts'
import { networkKinds } from './kinds/network.ts'
import { vmKinds } from './kinds/vm.ts'

/** Every kind of change, by topic. Their order is that of a button's words. */
const KINDS = {
  ...driversKinds,
  ...filesKinds,
  ...bootKinds,
  ...networkKinds,
  ...vmKinds,
  ...answersKinds,
  ...accessKinds,
}

export type ChangeKind = keyof typeof KINDS
export type ChangeOf<K extends ChangeKind> = z.infer<(typeof KINDS)[K]['schema']>
/** One reversible host change. Each carries the state it expects; a host that differs answers `conflict`. */
export type Change = { [K in ChangeKind]: ChangeOf<K> }[ChangeKind]

const [first, ...others] = Object.values(KINDS).map(({ schema }) => schema)
if (first === undefined) throw new Error('there are no kinds of change')
export const change = z.discriminatedUnion('kind', [first, ...others])

/** A change whose kind is one of `K`, so that what is looked up by its kind fits it. */
export type Of<K extends ChangeKind> = { [P in K]: { kind: P } & ChangeOf<P> }[K]
type About = { [K in ChangeKind]: { text(change: Of<K>): string; script(change: Of<K>): string[] } }
const ABOUT: About = KINDS

/** One change in a few words, as shown in the plan, the progress line and the journal. */
export function changeText<K extends ChangeKind>(one: Of<K>): string {
  return ABOUT[one.kind].text(one)
}

/** One change as lines of a shell script. */
export function changeScript<K extends ChangeKind>(one: Of<K>): string[] {
  return ABOUT[one.kind].script(one)
}

/** Of all kinds that have one: what a button says of so many changes. */
export const CHANGE_LABELS = Object.entries(KINDS).flatMap(([kind, { label }]) =>
  label === null ? [] : [{ kind, label }],
)
