import { shortAddress } from '#shared/facts/pci.ts'
import {
  assertNotNeeded,
  assertNotStuck,
  assertSameDevice,
  devicePath,
  movedSince,
  overrideOf,
  writeForDevice,
} from '../device-state.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'
import { assertOverride } from './moving.ts'

export const overrideDriver: HandlerOf<'override-driver'> = {
  async check({ system }, change) {
    await assertSameDevice(system, change.address, change.expected)
    await assertNotStuck(system, change.address)
    await assertNotNeeded(system, change.address)
    await assertOverride(system, change.address, change.expected.override)
  },

  capture: async ({ system }, change) => beforeValues({ override: await overrideOf(system, change.address) }),

  apply: ({ system }, change) =>
    writeForDevice(system, change.address, `${devicePath(change.address)}/driver_override`, change.override),

  async revert({ system }, change, entry) {
    const path = `${devicePath(change.address)}/driver_override`
    if ((await system.read(`${devicePath(change.address)}/vendor`)).kind !== 'text')
      return { note: `${shortAddress(change.address)} is not there any more.`, regenerate: null }
    await assertNotStuck(system, change.address)
    const moved = await movedSince(system, change.address, change.expected)
    if (moved !== null) return { note: moved, regenerate: null }
    const was = entry.before.values['override'] ?? null
    // An empty line clears the override (kernel ABI, sysfs-bus-pci).
    if ((await overrideOf(system, change.address)) !== was)
      await writeForDevice(system, change.address, path, was ?? '\n')
    return REVERTED
  },
}
