import { findClaims } from '../../shared/claims.ts'
import { findHolders } from '../../shared/holders.ts'
import { shortAddress } from '../../shared/pci.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { System } from '../../shared/system.ts'
import { isUnknown } from '../../shared/unknown.ts'

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

/** The override, where the kernel prints `(null)` for none. */
export async function overrideOf(system: System, address: string): Promise<string | null> {
  const value = await attribute(system, address, 'driver_override')
  return value === null || value === '(null)' || value === '' ? null : value
}

export async function modaliasOf(system: System, address: string): Promise<string | null> {
  return attribute(system, address, 'modalias')
}

/** The address must still hold the device the plan saw: bus numbers move when cards are added. */
export async function assertSameDevice(
  system: System,
  address: string,
  ids: { vendorId: string; deviceId: string },
): Promise<void> {
  const [vendor, device] = [await attribute(system, address, 'vendor'), await attribute(system, address, 'device')]
  if (vendor === `0x${ids.vendorId}` && device === `0x${ids.deviceId}`) return
  const found = vendor === null ? 'nothing' : `${vendor.slice(2)}:${(device ?? '').slice(2)}`
  throw new ProblemError(
    'conflict',
    `${shortAddress(address)} holds ${found}, not ${ids.vendorId}:${ids.deviceId} as the plan saw.`,
    {
      hint: 'Nothing was changed. Check again to get a new plan.',
    },
  )
}

/** The hard refusals, decided here once more from the host itself: the window is not trusted. */
export async function assertNotNeeded(system: System, address: string): Promise<void> {
  const classCode = (await attribute(system, address, 'class')) ?? ''
  if (classCode.startsWith('0x06')) throw refused(address, 'it is a bridge')
  const claims = await findClaims(system)
  if (isUnknown(claims)) throw refused(address, `what the host needs cannot be read (${claims.unknown})`)
  const claim = claims.find((candidate) => candidate.address === address)
  if (claim !== undefined) throw refused(address, claim.detail)
}

function refused(address: string, why: string): ProblemError {
  return new ProblemError('refused', `${shortAddress(address)} stays with the host: ${why}.`, {
    hint: 'Nothing was changed.',
  })
}

/** A GPU whose nodes a process has open is not unbound: with some drivers that write would never come back. */
export async function assertNotHeld(system: System, address: string): Promise<void> {
  const holders = await findHolders(system, [address])
  const graphics = holders.list.filter((holder) => holder.node.startsWith('/dev/dri/'))
  if (graphics.length === 0) return
  const names = [...new Set(graphics.map((holder) => `${holder.name} (pid ${holder.pid})`))].join(', ')
  throw new ProblemError('in-use', `${shortAddress(address)} is in use by ${names}.`, {
    hint: 'Close them, or log out of the graphical session, then apply again. Nothing was changed.',
  })
}

/** While a process has the group open (a VM), its functions must not be taken away. */
export async function assertGroupClosed(system: System, address: string): Promise<void> {
  const link = await system.link(`${devicePath(address)}/iommu_group`)
  if (link.kind !== 'target') return
  const node = `/dev/vfio/${link.target.split('/').at(-1) ?? ''}`
  const pids = await system.list('/proc')
  for (const pid of pids.kind === 'names' ? pids.names.filter((name) => /^\d+$/u.test(name)) : []) {
    const fds = await system.list(`/proc/${pid}/fd`)
    for (const fd of fds.kind === 'names' ? fds.names : []) {
      const target = await system.link(`/proc/${pid}/fd/${fd}`)
      if (target.kind === 'target' && target.target === node) {
        throw new ProblemError('in-use', `${shortAddress(address)} belongs to a running VM (pid ${pid}).`, {
          hint: 'Shut the VM down first, then undo again.',
        })
      }
    }
  }
}
