import { shortAddress } from '#shared/facts/pci.ts'
import { isVfioDriver } from '#shared/units/drivers.ts'
import {
  assertGroupClosed,
  assertNotHeld,
  assertNotNeeded,
  assertNotStuck,
  assertSameDevice,
  devicePath,
  driverOf,
  movedSince,
  writeForDevice,
} from '../device-state.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'
import { assertStillOn, moveTo, probedFor, release } from './moving.ts'

export const bindDriver: HandlerOf<'bind-driver'> = {
  async check({ system }, change) {
    await assertSameDevice(system, change.address, change.expected)
    await assertNotStuck(system, change.address)
    await assertNotNeeded(system, change.address)
    await assertStillOn(system, change.address, change.expected.driver)
    await assertNotHeld(system, change.address)
  },

  capture: async ({ system }, change) => beforeValues({ driver: await driverOf(system, change.address) }),

  async apply({ system }, change) {
    await moveTo(system, change.address, change.driver)
  },

  async revert(work, change, entry) {
    const { system } = work
    const was = entry.before.values['driver'] ?? null
    if ((await system.read(`${devicePath(change.address)}/vendor`)).kind !== 'text') {
      return { note: `${shortAddress(change.address)} is not there any more.`, regenerate: null }
    }
    // Whichever driver it seems to have, an unbind of it is still under way in the kernel.
    await assertNotStuck(system, change.address)
    const now = await driverOf(system, change.address)
    if (now === was) return REVERTED
    // Another driver of the host has it by now, and perhaps a desktop on it: this program's binding is gone already.
    if (now !== null && !isVfioDriver(now))
      return { note: `${shortAddress(change.address)} is on ${now} by now and stays there.`, regenerate: null }
    const moved = await movedSince(system, change.address, change.expected)
    if (moved !== null) return { note: moved, regenerate: null }
    await assertGroupClosed(system, change.address)
    await writeForDevice(system, change.address, `${devicePath(change.address)}/driver_override`, '\n')
    await release(system, change.address)
    return was === null ? REVERTED : { note: await probedFor(work, change.address, was), regenerate: null }
  },
}
