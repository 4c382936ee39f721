import type { Facts, LoaderId } from '../../shared/facts.ts'
import type { KernelArgs } from '../../shared/kernel-args.ts'
import type { PlannedChange } from '../../shared/plan.ts'

/** One boot loader: how kernel arguments are added to what boots by default. */
export interface Loader {
  readonly id: LoaderId
  readonly name: string
  /** What was really run with it, for honest words in the window. */
  readonly provenOn: string
  /** Changes that make the default entry carry all of `wanted`; files first, then the tool that renders them. */
  plan(facts: Facts, wanted: KernelArgs): PlannedChange[]
}
