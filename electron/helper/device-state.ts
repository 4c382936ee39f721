import { findClaims } from '#host/probe/claims/claims.ts'
import { findHolders, findVfioHolders } from '#host/probe/holders.ts'
import { RUN_DIRECTORY, stuckNote } from '#shared/base/own-files.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { blocksUnbind, holderNames, stopAdvice } from '#shared/facts/holder-words.ts'
import { wayInPath } from '#shared/facts/identity.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import { hostPart } from '#shared/units/host-parts.ts'
import { assertDisksOfFunctionFree } from './allow-list/disk-use.ts'

export function devicePath(address: string): string {
  return `/sys/bus/pci/devices/${address}`
}

async function attribute(system: System, address: string, name: string): Promise<string | null> {
  const result = await system.read(`${devicePath(address)}/${name}`)
  return result.kind === 'text' ? result.text.trim() : null
}

export async function driverOf(system: System, address: string): Promise<string | null> {
  const link = await system.link(`${devicePath(address)}/driver`)
  return link.kind === 'target' ? (link.target.split('/').at(-1) ?? null) : null
}

/**
 * The override, where the kernel prints `(null)` for none. It is handed out under the device's lock (kernel,
 * driver_override_show), so it is never asked of a function on which the kernel hangs.
 */
export async function overrideOf(system: System, address: string): Promise<string | null> {
  await assertNotStuck(system, address)
  const path = `${devicePath(address)}/driver_override`
  const value = (await noting(system, address, path, () => system.readAttribute(path)))?.trim() ?? ''
  return value === '(null)' || value === '' ? null : value
}

export async function modaliasOf(system: System, address: string): Promise<string | null> {
  return attribute(system, address, 'modalias')
}

/** A function by what is at its address; `way`: how it is reached there, where that was noted. */
interface Meant {
  vendorId: string
  deviceId: string
  way?: string | undefined
}

/** The address must still hold the device the plan saw: bus numbers move when cards are added. */
export async function assertSameDevice(system: System, address: string, meant: Meant): Promise<void> {
  const found = await otherAt(system, address, meant)
  if (found === null) return
  throw new ProblemError(
    'conflict',
    `${shortAddress(address)} holds ${found}, not ${meant.vendorId}:${meant.deviceId} as the plan saw.`,
    {
      hint: 'Nothing was changed. Check again to get a new plan.',
    },
  )
}

/** Returns what to say where undo finds another device at the address, which it leaves alone; null: it is the same. */
export async function movedSince(system: System, address: string, meant: Meant): Promise<string | null> {
  const found = await otherAt(system, address, meant)
  return found === null ? null : `${shortAddress(address)} holds ${found} by now, which stays as it is.`
}

/** Returns what is at the address instead of a function, also its twin behind other ports; null: it is that function. */
async function otherAt(system: System, address: string, { vendorId, deviceId, way }: Meant): Promise<string | null> {
  const [vendor, device] = [await attribute(system, address, 'vendor'), await attribute(system, address, 'device')]
  if (vendor !== `0x${vendorId}` || device !== `0x${deviceId}`)
    return vendor === null ? 'nothing' : `${vendor.slice(2)}:${(device ?? '').slice(2)}`
  return way === undefined || way === (await wayTo(system, address)) ? null : 'one of its kind behind other ports'
}

/** As facts have it (shared/facts/identity.ts), from the real path of the device. */
async function wayTo(system: System, address: string): Promise<string> {
  const link = await system.link(devicePath(address))
  return wayInPath(link.kind === 'target' ? link.target : null, address)
}

/** The hard refusals, decided here once more from the host itself: the window is not trusted. */
export async function assertNotNeeded(system: System, address: string): Promise<void> {
  const part = hostPart(await idsAt(system, address))
  if (part !== null) throw refused(address, part)
  const claims = await findClaims(system)
  if (isUnknown(claims)) throw refused(address, `what the host needs cannot be read (${claims.unknown})`)
  const claim = claims.find((candidate) => candidate.address === address)
  if (claim !== undefined) throw refused(address, claim.detail, claim.stop)
  await assertDisksOfFunctionFree(system, address)
}

async function idsAt(system: System, address: string) {
  const [vendor, code] = [await attribute(system, address, 'vendor'), await attribute(system, address, 'class')]
  const word = (value: string | null) => (value ?? '').replace(/^0x/u, '')
  return { address, vendorId: word(vendor), classId: word(code), driver: await driverOf(system, address) }
}

function refused(address: string, why: string, stop: string | null = null): ProblemError {
  return new ProblemError('refused', `${shortAddress(address)} stays with the host: ${why}.`, {
    hint: `${stop === null ? '' : `${stop} `}Nothing was changed.`,
  })
}

/** A function whose nodes a process uses is not unbound: with some drivers that write would never come back. */
export async function assertNotHeld(system: System, address: string): Promise<void> {
  const holders = await findHolders(system, [address])
  const barring = holders.list.filter(blocksUnbind)
  if (barring.length > 0) {
    throw new ProblemError('in-use', `${shortAddress(address)} is in use by ${holderNames(barring)}.`, {
      hint: `${stopAdvice(barring)} Then apply again. Nothing was changed.`,
    })
  }
  if (!holders.complete) throw refused(address, 'not every process could be looked at, so who uses it is not known')
}

/** While a process has the group open (a VM), its functions must not be taken away. */
export async function assertGroupClosed(system: System, address: string): Promise<void> {
  const [holder] = (await findVfioHolders(system, address)).list
  if (holder === undefined) return
  throw new ProblemError('in-use', `${shortAddress(address)} belongs to a running VM (pid ${holder.pid}).`, {
    hint: 'Shut the VM down first, then undo again.',
  })
}

/** A function on which the kernel hung is left alone until the next boot, which empties /run. */
export async function assertNotStuck(system: System, address: string): Promise<void> {
  if ((await system.state(stuckNote(address))) === null) return
  throw new ProblemError('reboot-needed', `The kernel is stuck on ${shortAddress(address)} since an earlier try.`, {
    hint: 'Nothing was touched. Reboot the host; undo goes on from there.',
  })
}

/** Writes a kernel attribute for one function. When the kernel hangs on it, that is noted and never tried again. */
export async function writeForDevice(system: System, address: string, path: string, value: string): Promise<void> {
  await assertNotStuck(system, address)
  await noting(system, address, path, () => system.writeAttribute(path, value))
}

async function noting<T>(system: System, address: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (problemOf(thrown).code === 'reboot-needed') {
      await system.makeDirectory(RUN_DIRECTORY, { mode: 0o755, uid: 0, gid: 0 })
      const note = new TextEncoder().encode(`${path}\n`)
      await system.writeAtomic(stuckNote(address), note, { mode: 0o644, uid: 0, gid: 0 })
    }
    throw thrown
  }
}
