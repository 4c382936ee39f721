import { stepView } from '#app/step-view.fixture.ts'
import type { Stop } from '#helper/ending/stop.ts'
import { Executor } from '#helper/executor.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { type SimulatedHost } from '#host/simulated/simulated.ts'
import type { Plan } from '#shared/plan/plan.ts'
import type { Chosen } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { CHANGING } from './walk.ts'

const CHOICES: Chosen = { network: { mode: 'new-bridge' } }

/** What a step plans on the paper's workstation, with a bridge of its own. */
export async function planOf(host: SimulatedHost, id: StepId): Promise<Plan> {
  return stepView(await factsFrom(host), id, CHOICES).plan
}

export function executor(host: SimulatedHost, stop?: Stop): Executor {
  return new Executor(host, 0, () => undefined, stop)
}

/** Applies all steps before `id`, with a reboot after step 3, without a fault. */
export async function upTo(id: StepId): Promise<SimulatedHost> {
  const host = simulated()
  for (const before of CHANGING.slice(0, CHANGING.indexOf(id))) {
    await executor(host).apply(await planOf(host, before))
    if (before === 'boot') host.reboot()
    if (before === 'network') await executor(host).confirmNetwork()
  }
  return host
}

/** What undo has to bring back: files against the recording, and who holds each function. */
export async function stateOf(host: SimulatedHost): Promise<string> {
  const { devices, vfioNodes, network } = await factsFrom(host)
  const holders = devices.map((device) => `${device.address} ${device.driver ?? '-'} ${device.driverOverride ?? '-'}`)
  return JSON.stringify([[...host.tree()].sort(), holders, vfioNodes, network])
}
