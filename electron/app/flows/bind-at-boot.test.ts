import { expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { Executor } from '#helper/executor.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Chosen } from '#shared/wizard/choices.fixture.ts'
import type { StepId } from '#shared/wizard/step-id.ts'

const LATER: Chosen = { bind: { live: false } }
const DESKTOP = { pid: 912, name: 'Xorg', user: 'designer', node: '/dev/dri/card0', address: '0000:04:00.0' }

const viewOf = (facts: Facts, id: StepId) => stepView(facts, id, LATER)

it('a card in use by a desktop is not moved now, and moves at the next boot', async () => {
  const host = simulated()
  const look = () => factsFrom(host)
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
