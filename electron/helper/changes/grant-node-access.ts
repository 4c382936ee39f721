import { findDisks } from '#host/probe/disks.ts'
import { findInput } from '#host/probe/input.ts'
import { findUsb } from '#host/probe/usb.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { assertForCaller } from '../allow-list/accounts.ts'
import { assertDiskFree, assertDisksOfPortFree } from '../allow-list/disk-use.ts'
import { beforeValues, type HandlerOf, REVERTED } from '../handler.ts'

/** A device by what it is and the name it goes by. */
type Named = Pick<ChangeOf<'grant-node-access'>, 'what' | 'id'>

/** What is behind an id now; `use` is why the host needs it. Null: nothing is. */
interface Found {
  node: string
  what: string
  use: string | null
}

export const grantNodeAccess: HandlerOf<'grant-node-access'> = {
  async check(work, change) {
    const { system } = work
    await assertForCaller(work, change, `${change.node} is opened`)
    const found = await find(system, change)
    if (found?.node !== change.node || found.what !== change.expected.what)
      throw conflict(`${change.expected.what} is not behind ${change.node} any more.`)
    await assertSpare(system, change, found)
    const state = await system.state(change.node)
    if (state?.kind !== 'device') throw conflict(`${change.node} is not there any more.`)
    if (state.uid === change.expected.uid) return
    throw conflict(`${change.node} belongs to uid ${state.uid}, not ${change.expected.uid} as the plan saw.`)
  },

  async capture({ system }, change) {
    const state = await system.state(change.node)
    return beforeValues({
      uid: String(state?.uid ?? 0),
      gid: String(state?.gid ?? 0),
      mode: String(state?.mode ?? 0o600),
    })
  },

  /** The group keeps its access: others of the host may go on using a keyboard. */
  async apply({ system }, change) {
    const state = await system.state(change.node)
    if (state === null) throw conflict(`${change.node} is not there any more.`)
    await system.setOwner(change.node, { uid: change.uid, gid: state.gid, mode: state.mode | 0o600 })
  },

  /** The number of a node may belong to another device by now; what is not the user's is not ours to give back. */
  async revert({ system }, change, entry) {
    const state = await system.state(change.node)
    if (state?.kind !== 'device' || state.uid !== change.uid) return REVERTED
    const { uid, gid, mode } = entry.before.values
    await system.setOwner(change.node, { uid: Number(uid), gid: Number(gid), mode: Number(mode) })
    return REVERTED
  },
}

function conflict(text: string): ProblemError {
  return new ProblemError('conflict', text, { hint: 'Check again to get a new plan.' })
}

/** Refuses the disk and the USB devices of a VM while the host needs them or somebody else has them. */
export async function assertDevicesSpare(
  system: System,
  { disk, usbDevices }: Pick<VmDefinition, 'disk' | 'usbDevices'>,
): Promise<void> {
  const sticks = usbDevices.map(({ port }) => ({ what: 'usb' as const, id: port }))
  const disks = disk?.kind === 'device' ? [{ what: 'disk' as const, id: disk.path }] : []
  for (const device of [...disks, ...sticks]) {
    const found = await find(system, device)
    // QEMU itself says what is not there.
    if (found !== null) await assertSpare(system, device, found)
  }
}

async function assertSpare(system: System, { what, id }: Named, { node, use }: Found): Promise<void> {
  if (use !== null)
    throw new ProblemError('refused', `${node} is not given away. ${use}`, { hint: 'Leave it out in step 8.' })
  if (what === 'disk') await assertDiskFree(system, node)
  if (what === 'usb') await assertDisksOfPortFree(system, id)
}

/** Looks anew with the app's own eyes. */
async function find(system: System, { what, id }: Named): Promise<Found | null> {
  switch (what) {
    case 'usb':
      return (
        known(await findUsb(system))
          .filter(({ port }) => port === id)
          .map(({ node, use, vendorId, productId }) => ({ node, use, what: `${vendorId}:${productId}` }))[0] ?? null
      )
    case 'input':
      return (
        known(await findInput(system))
          .filter(({ path }) => path === id)
          .map(({ node, path }) => ({ node, use: null, what: path ?? '' }))[0] ?? null
      )
    case 'disk':
      return (
        known(await findDisks(system))
          .filter(({ path }) => path === id)
          .map(({ node, use, path }) => ({ node, use, what: path ?? '' }))[0] ?? null
      )
    case 'kvmfr':
      return { node: KVMFR_NODE, use: null, what: KVMFR_NODE }
  }
}

function known<T>(found: OrUnknown<T[]>): T[] {
  if (isUnknown(found))
    throw new ProblemError('refused', `Nothing is given away: ${found.unknown}.`, {
      hint: 'Leave it out in step 8, or check again.',
    })
  return found
}
