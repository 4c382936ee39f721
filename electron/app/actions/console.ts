import { type ViewerCommand, viewerCommand } from '#core/definition/display/viewer-command.ts'
import { displayContext } from '#core/steps/launch/display-and-input.ts'
import { openProgram } from '#host/open-program.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { VIEWERS } from '#shared/facts/viewers.ts'
import type { VmUsage } from '#shared/vm/usage.ts'
import { isActive, vmPaths } from '#shared/vm/vm.ts'
import type { GuestReach } from '#shared/wizard/display.ts'
import { guestReach as reach, notAsked } from '#vm/guest/guest-reach.ts'
import { hostThreads } from '#vm/own/usage.ts'
import type { Engine } from '../engine.ts'
import { asStarted } from './run.ts'
import { selectedName } from './vm-names.ts'

/** Asks the guest's port of the chosen way to see it whether it answers now. */
export async function guestReach(engine: Engine): Promise<GuestReach> {
  const { host } = engine.session
  if (host.kind !== 'real') return notAsked('No guest runs on this host.', null)
  const { agent } = vmPaths(selectedName(engine))
  const running = engine.state.vm?.state === 'running'
  return reach(host, displayContext(engine.situation()), { running, agent })
}

/** Returns the program of this host that shows the guest; null: none does, or nothing really runs. */
export function viewer(engine: Engine): ViewerCommand | null {
  const { vm, situation } = engine.state
  if (engine.session.host.kind !== 'real' || situation === null || vm === null || !isActive(vm.state)) return null
  // What step 8 wrote is what runs, unless it was written again since.
  const definition = situation.written.get(selectedName(engine)) ?? engine.definition()
  if (definition === null) return null
  return viewerCommand(definition, situation.facts.peripherals.viewers, situation.choices.launch.see)
}

/** Opens the program of this host that shows the guest; throws `tool-failed` when it ends at once. */
export async function openViewer(engine: Engine): Promise<void> {
  const command = viewer(engine)
  if (command === null)
    throw new ProblemError('tool-missing', 'No program of this host shows the guest.', {
      hint: 'Step 9 shows the ways to see it, and what each needs.',
    })
  await openProgram(VIEWERS[command.name], command.args)
}

/** Counters of the running VM; null: nothing really runs on this host. */
export async function vmUsage(engine: Engine): Promise<VmUsage | null> {
  const usage = await engine.session.vm.usage(await asStarted(engine))
  return usage === null ? null : { ...usage, hostThreads: hostThreads(engine.facts()) }
}
