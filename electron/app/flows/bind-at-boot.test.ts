import { expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { Executor } from '#helper/executor.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { describe as describeMachine } from '#host/simulated/describe.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { type Choices, DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { evaluateSteps } from '../evaluate-steps.ts'

const LATER: Choices = { ...DEFAULT_CHOICES, bind: { atBoot: true, live: false } }
const DESKTOP = { pid: 912, name: 'Xorg', user: 'designer', node: '/dev/dri/card0', address: '0000:04:00.0' }

function viewOf(facts: Facts, id: StepId): StepView {
  const view = evaluateSteps(situationOf(facts, LATER), []).find((candidate) => candidate.id === id)
  if (view === undefined) throw new Error(id)
  return view
}

it('a card that a desktop uses is left alone now, and moves at the next boot', async () => {
  const host = new SimulatedHost(describeMachine(PAPER_WORKSTATION))
  const look = () => gatherFacts(host, { dryStart: null, guestReport: null })
  const inUse = async (): Promise<Facts> => ({ ...(await look()), holders: { complete: true, list: [DESKTOP] } })
  const apply = async (id: StepId) => {
    await new Executor(host, 0, () => undefined).apply(viewOf(await inUse(), id).plan)
  }
  await apply('kernel')
  await apply('boot')
  host.reboot()

  const { plan, verdict } = viewOf(await inUse(), 'bind')
  expect(verdict.status).toBe('needs-work')
  expect(plan.rebootNeeded).toBe(true)
  expect(plan.changes.map(({ change }) => change.kind)).not.toContain('bind-driver')
  await apply('bind')
  expect(viewOf(await inUse(), 'bind')).toMatchObject({ verdict: { status: 'after-reboot' }, plan: { changes: [] } })

  host.reboot()
  expect(viewOf(await look(), 'bind')).toMatchObject({ verdict: { status: 'ok' }, plan: { changes: [] } })
})
