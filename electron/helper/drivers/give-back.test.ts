import { expect, it } from 'vitest'
import { Executor } from '#helper/executor.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { Plan } from '#shared/plan/plan.ts'

/** A plan of step 5 that gives one function back, whatever it is. */
function plan(address: string, expected: { driver: string; vendorId: string; deviceId: string }): Plan {
  return {
    ...{ id: 'bind-x', step: 'bind', rebootNeeded: false, risk: 'reversible', confirm: null },
    changes: [
      { change: { kind: 'give-back', address, expected: { ...expected, override: null } }, reason: '', before: null },
    ],
  }
}

it.each([
  ['0000:00:1f.2', 'the disk of the root filesystem'],
  ['0000:00:19.0', 'the default route'],
  ['0000:04:00.0', 'a card that was never reserved'],
])('Nothing is taken from the host’s own driver by giving back: %s, %s', async (address) => {
  const host = simulated(PAPER_WORKSTATION)
  const device = (await factsFrom(host)).devices.find((one) => one.address === address)
  if (device?.driver == null) throw new Error('not described')
  const { driver, vendorId, deviceId } = device
  const executor = new Executor(host, 0, () => undefined)
  await expect(executor.apply(plan(address, { driver, vendorId, deviceId }))).rejects.toThrow('is the host’s already')
  const after = (await factsFrom(host)).devices.find((one) => one.address === address)
  expect(after?.driver).toBe(driver)
})
