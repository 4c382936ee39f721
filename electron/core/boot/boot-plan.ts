import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type ArgsEdit, isNoEdit } from '#shared/facts/kernel-args.ts'
import type { Change } from '#shared/plan/change.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present } from '#shared/plan/want-file.ts'
import type { ChosenLoader } from './adapters.ts'
import type { Initramfs } from './initramfs/initramfs.ts'

/**
 * Plans arguments, rescue entry and initramfs in one. A rescue script of GRUB is written before the menu is rendered;
 * an entry file comes after the tools, so that they do not give it our arguments.
 */
export function bootPlan(
  facts: Facts,
  { loader, found }: ChosenLoader,
  edit: ArgsEdit,
  initramfs: Initramfs | null,
): PlannedChange[] {
  const rescue = loader.rescue(facts, found)
  const own = rescue.kind === 'entry' ? present([rescue.change]) : []
  const script = rescue.kind === 'entry' && rescue.path === OWN_FILES.grubRescue
  const asked = !isNoEdit(edit) || (script && own.length > 0)
  const args = asked ? loader.plan(facts, found, edit) : []
  // Where the arguments cannot be added, an entry without them is of no use.
  const extra = asked && args.length === 0 ? [] : own
  return onceEach([...(script ? [...extra, ...args] : [...args, ...extra]), ...modulesOf(facts, initramfs)])
}

function modulesOf(facts: Facts, initramfs: Initramfs | null): PlannedChange[] {
  return initramfs === null ? [] : initramfs.planModules(facts)
}

/** Keeps the last of the builds that several parts of the plan ask for, so that each runs once. */
function onceEach(changes: readonly PlannedChange[]): PlannedChange[] {
  const key = (change: Change) => JSON.stringify(change)
  return changes.filter(
    ({ change }, index) => !changes.slice(index + 1).some((later) => key(later.change) === key(change)),
  )
}
