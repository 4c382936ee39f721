import type { FoundLoader, LoaderId } from '#shared/facts/boot/boot-loader.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { AddedArg, ArgsEdit } from '#shared/facts/kernel-args.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'

/** How the host can be started without what this program adds, should it not come up with it. */
export type Rescue =
  /** An entry of our own; null: it is in place. */
  | { kind: 'entry'; path: string; change: PlannedChange | null }
  /** The system has such an entry by itself. */
  | { kind: 'inherent'; text: string }
  | { kind: 'none'; text: string }

/** One boot loader: how kernel arguments are added to what boots by default. */
export interface Loader {
  readonly id: LoaderId
  readonly name: string
  /** What was really run with it, for honest words in the window. */
  readonly provenOn: string
  /** Changes that edit the default entry's arguments; files first, then the tool that renders them. */
  plan(facts: Facts, found: FoundLoader, edit: ArgsEdit): PlannedChange[]
  rescue(facts: Facts, found: FoundLoader): Rescue
  /** What boots here is never changed: why, and what its admin does to have arguments and vfio-pci in it. */
  readonly untouched?: { readonly why: string; advice(edit: ArgsEdit): string }
}

/** An edit as a recipe and a tool's change have it. */
export function inRecipe({ add, remove }: ArgsEdit): { args: AddedArg[]; remove?: string[] } {
  return { args: [...add], ...(remove.length === 0 ? {} : { remove: [...remove] }) }
}
