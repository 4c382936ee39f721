import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { devicePath, driverOf, modaliasOf, overrideOf, writeForDevice } from '../device-state.ts'
import type { Work } from '../handler.ts'

export const PROBE = '/sys/bus/pci/drivers_probe'

/** Throws `conflict` where a function is not on the driver that the plan saw. */
export async function assertStillOn(system: System, address: string, expected: string | null): Promise<void> {
  const now = await driverOf(system, address)
  if (now === expected) return
  const text = `${shortAddress(address)} is on ${now ?? 'no driver'}, not on ${expected ?? 'none'} as the plan saw.`
  throw new ProblemError('conflict', text, { hint: 'Nothing was changed. Check again to get a new plan.' })
}

/** Throws `conflict` where the override of a function is not the one that the plan saw. */
export async function assertOverride(system: System, address: string, expected: string | null): Promise<void> {
  const now = await overrideOf(system, address)
  if (now === expected) return
  const text = `The driver override of ${shortAddress(address)} is ${now ?? 'not set'}, not ${expected ?? 'unset'} as the plan saw.`
  throw new ProblemError('conflict', text, { hint: 'Nothing was changed. Check again to get a new plan.' })
}

/** Takes a function from its driver and gives it to the one its override names. Throws `tool-failed` where that fails. */
export async function moveTo(system: System, address: string, driver: string): Promise<void> {
  await release(system, address)
  await writeForDevice(system, address, PROBE, address)
  await assertDriver(system, address, driver)
}

/** Takes a function from its driver, if it has one. */
export async function release(system: System, address: string): Promise<void> {
  if ((await driverOf(system, address)) === null) return
  await writeForDevice(system, address, `${devicePath(address)}/driver/unbind`, address)
}

/**
 * Lets the kernel probe for the driver a function had; when the old driver's module is not loaded any more, loads it by the device's alias first.
 * Returns what to say where the driver does not take it: it may have been removed since, and nothing of ours is in its way.
 */
export async function probedFor({ system, log }: Work, address: string, driver: string): Promise<string | null> {
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
