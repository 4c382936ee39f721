import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { openSession } from '../session/session.ts'
import { Studio } from '../studio.ts'

/** Returns the simulated workstation after all nine steps: its guest has reported the card. */
export async function proven(): Promise<{ studio: Studio; host: SimulatedHost }> {
  const session = await openSession('paper', 'unused')
  const studio = new Studio(session)
  await studio.open()
  if (!(session.host instanceof SimulatedHost)) throw new Error('not simulated')
  await walkSteps(studio)
  return { studio, host: session.host }
}

/** Applies every step that changes the simulated workstation, reboots it after step 3, and starts the VM. */
export async function walkSteps(studio: Studio): Promise<void> {
  for (const [id, typed] of [
    ['kernel', null],
    ['boot', null],
    ['bind', '04:00.0'],
    ['definition', null],
  ] as const) {
    await studio.apply(studio.viewOf(id).plan.id, typed)
    if (id === 'boot') await studio.reboot()
  }
  await studio.startVm()
}

export function factsOf(studio: Studio): Facts {
  const { facts } = studio.current
  if (facts === null) throw new Error('not looked at')
  return facts
}
