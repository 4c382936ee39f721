import {
  assertGroupClosed,
  assertNotStuck,
  assertSameDevice,
  devicePath,
  driverOf,
  movedSince,
  writeForDevice,
} from '#helper/device-state.ts'
import { beforeValues, type HandlerOf, REVERTED } from '#helper/handler.ts'
import { findClaims } from '#host/probe/claims/claims.ts'
import { physfnOf } from '#host/probe/claims/physfn.ts'
import { listOrEmpty } from '#host/probe/listed.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { isReserved } from '#shared/units/drivers.ts'

type Change = ChangeOf<'set-virtual-functions'>

const COUNT = 'sriov_numvfs'
/** Whether the kernel gives new virtual functions to the host's own driver at once (kernel ABI sysfs-bus-pci). */
const PROBES = 'sriov_drivers_autoprobe'

export const setVirtualFunctions: HandlerOf<'set-virtual-functions'> = {
  async check({ system }, change) {
    await assertSameDevice(system, change.address, change.expected)
    await assertNotStuck(system, change.address)
    await assertAble(system, change)
    await assertFree(system, change.address)
  },

  capture: async ({ system }, { address }) =>
    beforeValues({ count: await word(system, address, COUNT), probes: await word(system, address, PROBES) }),

  async apply({ system }, { address, count }) {
    await write(system, address, PROBES, '0')
    await make(system, address, String(count))
  },

  /** Zero is on the way to any number. Another one was made by somebody else, and stays. */
  async revert({ system }, { address, count, expected }, entry) {
    const { count: was = null, probes = null } = entry.before.values
    const now = await word(system, address, COUNT)
    if (now === null || was === null)
      return { note: `${shortAddress(address)} is not there any more, or has no virtual functions.`, regenerate: null }
    await assertNotStuck(system, address)
    const moved = await movedSince(system, address, expected)
    if (moved !== null) return { note: moved, regenerate: null }
    const foreign = ![was, String(count), '0'].includes(now)
    // What the host uses by now is taken from it neither by a new plan nor by undo.
    if (now !== was && !foreign) await assertFree(system, address)
    await restoreProbes(system, address, probes)
    if (now === was) return REVERTED
    if (foreign) {
      const note = `${shortAddress(address)} was given ${now} virtual functions by somebody else; they stay.`
      return { note, regenerate: null }
    }
    await make(system, address, was)
    return REVERTED
  },
}

async function restoreProbes(system: System, address: string, probes: string | null): Promise<void> {
  if (probes !== null && (await word(system, address, PROBES)) !== probes) await write(system, address, PROBES, probes)
}

async function assertAble(system: System, { address, count, expected }: Change): Promise<void> {
  const [total, now] = [await word(system, address, 'sriov_totalvfs'), await word(system, address, COUNT)]
  const driver = await driverOf(system, address)
  if (total === null || now === null || Number(total) < count)
    throw refused(address, `it can have ${total === null ? 'none' : `at most ${total}`}`)
  if (Number(now) !== expected.now)
    throw new ProblemError('conflict', `${shortAddress(address)} has ${now}, not ${expected.now} as the plan saw.`, {
      hint: 'Nothing was changed. Check again to get a new plan.',
    })
  if (driver === null) throw refused(address, 'it has no driver, which alone can make them')
  if (isReserved(driver)) throw refused(address, `it is on ${driver} itself`)
}

/** To have another number of them, the kernel takes away those there are. */
async function assertFree(system: System, address: string): Promise<void> {
  const virtual = await virtualOf(system, address)
  if (virtual.length === 0) return
  await assertClosed(system, virtual)
  const claims = await findClaims(system)
  if (isUnknown(claims)) throw refused(address, `what the host needs cannot be read (${claims.unknown})`)
  const claim = claims.find((candidate) => virtual.includes(candidate.address))
  if (claim !== undefined)
    throw refused(address, `of those it has ${shortAddress(claim.address)} stays: ${claim.detail}`)
}

async function assertClosed(system: System, virtual: readonly string[]): Promise<void> {
  for (const each of virtual) await assertGroupClosed(system, each)
}

async function virtualOf(system: System, address: string): Promise<string[]> {
  const all = await listOrEmpty(system, '/sys/bus/pci/devices')
  const physical = await Promise.all(all.map((each) => physfnOf(system, each)))
  return all.filter((_each, index) => physical[index] === address)
}

/** The kernel goes from one number to another through none only (Documentation/PCI/pci-iov-howto.rst). */
async function make(system: System, address: string, count: string): Promise<void> {
  if ((await word(system, address, COUNT)) !== '0') await write(system, address, COUNT, '0')
  if (count === '0') return
  await write(system, address, COUNT, count)
  const now = await word(system, address, COUNT)
  if (now !== count)
    throw new ProblemError(
      'tool-failed',
      `${shortAddress(address)} has ${now ?? 'no'} virtual functions, not ${count}.`,
      {
        hint: 'The kernel log (journalctl -k) says why its driver makes no more.',
      },
    )
}

async function word(system: System, address: string, name: string): Promise<string | null> {
  const result = await system.read(`${devicePath(address)}/${name}`)
  return result.kind === 'text' ? result.text.trim() : null
}

async function write(system: System, address: string, name: string, value: string): Promise<void> {
  await writeForDevice(system, address, `${devicePath(address)}/${name}`, value)
}

function refused(address: string, why: string): ProblemError {
  return new ProblemError('refused', `${shortAddress(address)} gets no other virtual functions: ${why}.`, {
    hint: 'Nothing was changed.',
  })
}
