import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { isVfioDriver } from '#shared/units/drivers.ts'
import {
  assertGroupClosed,
  assertNotHeld,
  assertNotNeeded,
  assertNotStuck,
  assertSameDevice,
  devicePath,
  driverOf,
  overrideOf,
  writeForDevice,
} from '../device-state.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'
import { assertOverride, assertStillOn, moveTo, PROBE, release } from './moving.ts'

/** A function that was reserved becomes the host's again; undo reserves it once more. */
export const giveBack: HandlerOf<'give-back'> = {
  async check({ system }, { address, expected }) {
    await assertSameDevice(system, address, expected)
    await assertNotStuck(system, address)
    if (!isVfioDriver(expected.override) && !isVfioDriver(expected.driver))
      throw new ProblemError('refused', `${shortAddress(address)} is the host’s already.`, { hint: 'Check again.' })
    await assertStillOn(system, address, expected.driver)
    await assertOverride(system, address, expected.override)
    await assertGroupClosed(system, address)
  },

  capture: async ({ system }, { address }) =>
    beforeValues({ driver: await driverOf(system, address), override: await overrideOf(system, address) }),

  async apply({ system, log }, { address }) {
    // An empty line clears the override (kernel ABI, sysfs-bus-pci).
    await writeForDevice(system, address, `${devicePath(address)}/driver_override`, '\n')
    // A driver of the host that has it keeps it.
    if (isVfioDriver(await driverOf(system, address))) await release(system, address)
    if ((await driverOf(system, address)) === null) await writeForDevice(system, address, PROBE, address)
    const now = await driverOf(system, address)
    if (now === null) log(`${shortAddress(address)} was let go; no driver that is loaded wants it.`)
  },

  async revert({ system }, { address, expected }, entry) {
    if ((await system.read(`${devicePath(address)}/vendor`)).kind !== 'text')
      return { note: `${shortAddress(address)} is not there any more.`, regenerate: null }
    await assertNotStuck(system, address)
    const { driver = null, override = null } = entry.before.values
    if ((await overrideOf(system, address)) === override && (await driverOf(system, address)) === driver)
      return REVERTED
    // What was before it is the host's too: where the host uses it by now, nothing has to be undone.
    const used = await whyTheHostKeeps(system, address, expected)
    if (used !== null) return { note: `${shortAddress(address)} is not reserved again: ${used}`, regenerate: null }
    await writeForDevice(system, address, `${devicePath(address)}/driver_override`, override ?? '\n')
    if (driver !== null && isVfioDriver(driver)) await moveTo(system, address, driver)
    return REVERTED
  },
}

type Expected = ChangeOf<'give-back'>['expected']

/** Returns why a function must not be taken from the host once more; null: it may be. */
async function whyTheHostKeeps(system: System, address: string, expected: Expected): Promise<string | null> {
  try {
    await assertSameDevice(system, address, expected)
    await assertNotNeeded(system, address)
    await assertNotHeld(system, address)
    return null
  } catch (thrown) {
    const { code, message } = problemOf(thrown)
    if (code === 'conflict' || code === 'refused' || code === 'in-use') return message
    throw thrown
  }
}
