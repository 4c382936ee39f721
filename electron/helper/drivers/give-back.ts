import { ProblemError } from '#shared/base/problem.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { isVfioDriver } from '#shared/units/drivers.ts'
import {
  assertGroupClosed,
  assertNotHeld,
  assertNotStuck,
  assertSameDevice,
  devicePath,
  driverOf,
  overrideOf,
  writeForDevice,
} from '../device-state.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'
import { assertStillOn, moveTo, PROBE, release } from './moving.ts'

/** A function that was reserved becomes the host's again; undo reserves it once more. */
export const giveBack: HandlerOf<'give-back'> = {
  async check({ system }, { address, expected }) {
    await assertSameDevice(system, address, expected)
    await assertNotStuck(system, address)
    await assertStillOn(system, address, expected.driver)
    const override = await overrideOf(system, address)
    if (override !== expected.override) {
      const text = `The driver override of ${shortAddress(address)} is ${override ?? 'not set'}, not ${expected.override ?? 'unset'} as the plan saw.`
      throw new ProblemError('conflict', text, { hint: 'Nothing was changed. Check again to get a new plan.' })
    }
    await assertGroupClosed(system, address)
  },

  capture: async ({ system }, { address }) =>
    beforeValues({ driver: await driverOf(system, address), override: await overrideOf(system, address) }),

  async apply({ system, log }, { address }) {
    // An empty line clears the override (kernel ABI, sysfs-bus-pci).
    await writeForDevice(system, address, `${devicePath(address)}/driver_override`, '\n')
    await release(system, address)
    await writeForDevice(system, address, PROBE, address)
    const now = await driverOf(system, address)
    if (now === null) log(`${shortAddress(address)} was let go; no driver that is loaded wants it.`)
  },

  async revert({ system }, { address }, entry) {
    if ((await system.read(`${devicePath(address)}/vendor`)).kind !== 'text')
      return { note: `${shortAddress(address)} is not there any more.`, regenerate: null }
    await assertNotStuck(system, address)
    const { driver = null, override = null } = entry.before.values
    if ((await overrideOf(system, address)) !== override)
      await writeForDevice(system, address, `${devicePath(address)}/driver_override`, override ?? '\n')
    if ((await driverOf(system, address)) === driver) return REVERTED
    await assertNotHeld(system, address)
    if (isVfioDriver(driver) && driver !== null) await moveTo(system, address, driver)
    else await release(system, address)
    return REVERTED
  },
}
