import type { Change } from '../../shared/change.ts'
import type { Facts } from '../../shared/facts.ts'
import type { AddedArg } from '../../shared/kernel-args.ts'
import { OWN_FILES } from '../../shared/own-files.ts'
import type { PlannedChange } from '../../shared/plan.ts'
import type { ChosenLoader } from './adapters.ts'
import type { Initramfs } from './initramfs.ts'

/**
 * Arguments, rescue entry and initramfs in one plan. A rescue script of GRUB is written before the menu is rendered;
 * an entry file comes after the tools, so that they do not give it our arguments.
 */
export function bootPlan(
  facts: Facts,
  { loader, found }: ChosenLoader,
  missing: readonly AddedArg[],
  initramfs: Initramfs | null,
): PlannedChange[] {
  const rescue = loader.rescue(facts, found)
  const own = rescue.kind === 'entry' && rescue.change !== null ? [rescue.change] : []
  const script = rescue.kind === 'entry' && rescue.path === OWN_FILES.grubRescue
  const args = missing.length > 0 || (script && own.length > 0) ? loader.plan(facts, found, missing) : []
  const menu = script ? [...own, ...args] : [...args, ...own]
  return onceEach([...(args.length === 0 && missing.length > 0 ? [] : menu), ...(initramfs?.planModules(facts) ?? [])])
}

/** A build that two parts of the plan ask for runs once, for the last of them. */
function onceEach(changes: readonly PlannedChange[]): PlannedChange[] {
  const key = (change: Change) => JSON.stringify(change)
  return changes.filter(
    ({ change }, index) => !changes.slice(index + 1).some((later) => key(later.change) === key(change)),
  )
}
