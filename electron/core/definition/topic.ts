import type { Facts, QemuFacts } from '#shared/facts/facts.ts'
import type { ReservedView, TakenUnit, UnitView } from '#shared/units/unit-view.ts'
import type { OPTIONS } from '#shared/vm/options/options.ts'
import type { ValuesOf } from '#shared/vm/options/topic.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Arguments } from './qemu/arguments.ts'
import type { WrittenVms } from './written.ts'

/** What step 8 asks of a VM. */
export type Choice = Choices['definition']

/** What the options of a VM are decided from. */
export interface OptionContext {
  facts: Facts
  choices: Choices
  qemu: QemuFacts
  /** The VM of that name as it was written before. */
  written: VmDefinition | null
  /** The first of `taken`. */
  card: UnitView | null
  /** Units of the host that the VM takes. */
  taken: readonly TakenUnit[]
}

/** What step 8 shows is also about what the VM could take. */
export interface ViewContext extends OptionContext {
  reserved: readonly ReservedView[]
  /** What the VM was to take and cannot. */
  missing: readonly string[]
  /** VMs as they were written, by name. */
  vms: WrittenVms
}

/** The same once there is a card. */
export interface DefineContext extends OptionContext {
  card: UnitView
}

type Options = typeof OPTIONS
type TopicName = keyof Options
/** The values of one part of a topic, e.g. of its fields of vm.json. */
type Part<Name extends TopicName, P extends 'definition' | 'choices' | 'view'> = ValuesOf<Options[Name][P]>

/** One topic of a VM's options: a part that is missing, or a field of `shared/vm/options`, does not compile. */
export interface Topic<Name extends TopicName> {
  /** Decides the topic's fields of vm.json. */
  define: (context: DefineContext) => Part<Name, 'definition'>
  /** Says what step 8 offers and decides. */
  view: (context: ViewContext) => Part<Name, 'view'>
  /** The choices that lead to a definition. */
  choicesOf: (definition: VmDefinition) => Part<Name, 'choices'>
  /** QEMU's arguments, by their place in the command line. */
  argv: Arguments
}

/** Every topic of `shared/vm/options`. */
export type Topics = { readonly [Name in TopicName]: Topic<Name> }
