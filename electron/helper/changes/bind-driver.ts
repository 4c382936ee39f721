import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import {
  assertGroupClosed,
  assertNotHeld,
  assertNotNeeded,
  assertNotStuck,
  assertSameDevice,
  devicePath,
  driverOf,
  modaliasOf,
  writeForDevice,
} from '../device-state.ts'
import { beforeValues, type HandlerOf, REVERTED, type Work } from '../handler.ts'

const PROBE = '/sys/bus/pci/drivers_probe'

export const bindDriver: HandlerOf<'bind-driver'> = {
  async check({ system }, change) {
    await assertSameDevice(system, change.address, change.expected)
    await assertNotStuck(system, change.address)
    await assertNotNeeded(system, change.address)
    const now = await driverOf(system, change.address)
    if (now !== change.expected.driver) {
      const text = `${shortAddress(change.address)} is on ${now ?? 'no driver'}, not on ${change.expected.driver ?? 'none'} as the plan saw.`
      throw new ProblemError('conflict', text, { hint: 'Nothing was changed. Check again to get a new plan.' })
    }
    await assertNotHeld(system, change.address)
  },

  capture: async ({ system }, change) => beforeValues({ driver: await driverOf(system, change.address) }),

  async apply({ system }, change) {
    await release(system, change.address)
    await writeForDevice(system, change.address, PROBE, change.address)
    await assertDriver(system, change.address, change.driver)
  },

  async revert(work, change, entry) {
    const { system } = work
    const was = entry.before.values['driver'] ?? null
    if ((await system.read(`${devicePath(change.address)}/vendor`)).kind !== 'text') {
      return { note: `${shortAddress(change.address)} is not there any more.`, regenerate: null }
    }
    // Whichever driver it seems to have, an unbind of it is still under way in the kernel.
    await assertNotStuck(system, change.address)
    if ((await driverOf(system, change.address)) === was) return REVERTED
    await assertGroupClosed(system, change.address)
    await writeForDevice(system, change.address, `${devicePath(change.address)}/driver_override`, '\n')
    await release(system, change.address)
    return was === null ? REVERTED : { note: await giveBack(work, change.address, was), regenerate: null }
  },
}

async function release(system: System, address: string): Promise<void> {
  if ((await driverOf(system, address)) === null) return
  await writeForDevice(system, address, `${devicePath(address)}/driver/unbind`, address)
}

/**
 * Lets the kernel probe; when the old driver's module is not loaded any more, loads it by the device's alias first.
 * Returns what to say where the driver does not take it: it may have been removed since, and nothing of ours is in its way.
 */
async function giveBack({ system, log }: Work, address: string, driver: string): Promise<string | null> {
  await writeForDevice(system, address, PROBE, address)
  if ((await driverOf(system, address)) === driver) return null
  const alias = await modaliasOf(system, address)
  if (alias !== null)
    await system
      .run('modprobe', ['--', alias], { onLine: log, expect: 'any' })
      .catch((thrown: unknown) => log(problemOf(thrown).message))
  if ((await driverOf(system, address)) === null) await writeForDevice(system, address, PROBE, address)
  const now = await driverOf(system, address)
  if (now === driver) return null
  return `${shortAddress(address)} was let go, but ${driver} did not take it; it is on ${now ?? 'no driver'}. If ${driver} is still installed, reboot; else install it again, or leave it.`
}

async function assertDriver(system: System, address: string, wanted: string): Promise<void> {
  const now = await driverOf(system, address)
  if (now === wanted) return
  throw new ProblemError(
    'tool-failed',
    `${shortAddress(address)} is on ${now ?? 'no driver'} after probing, not on ${wanted}.`,
    {
      hint: `The kernel log (journalctl -k) says why ${wanted} did not take it.`,
    },
  )
}
