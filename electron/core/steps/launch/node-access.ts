import { sameUsb } from '#core/definition/devices/usb.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

/** A device node the VM needs, with its owner now. */
interface Node extends Pick<ChangeOf<'grant-node-access'>, 'what' | 'id' | 'node'> {
  owner: number | null
  is: string
}

/** Nodes of USB devices, keyboards, mice, a disk and kvmfr that the VM's user cannot be sure to open yet. */
export function nodeAccess({ facts, definition }: Situation): PlannedChange[] {
  if (definition === null) return []
  const { user } = definition
  const closed = nodesOf(facts, definition).filter(({ owner }) => owner !== null && owner !== user.uid)
  return closed.map(({ what, id, node, owner, is }) => ({
    change: { kind: 'grant-node-access', what, id, node, uid: user.uid, expected: { uid: owner ?? 0, what: is } },
    reason: `Lets ${user.name} open ${node}, until it is unplugged, the next reboot or undo.`,
    before: null,
  }))
}

function nodesOf({ peripherals }: Facts, definition: VmDefinition): Node[] {
  const { usb, input, disks, kvmfr } = peripherals
  const { usbDevices, inputDevices, disk } = definition
  const paths = inputDevices.map(({ path }) => path)
  return [
    ...(isUnknown(usb) ? [] : usb)
      .filter((device) => usbDevices.some((chosen) => sameUsb(chosen, device)))
      .map(({ port, vendorId, productId, node, nodeUid }) => {
        return { what: 'usb' as const, id: port, node, owner: nodeUid, is: `${vendorId}:${productId}` }
      }),
    ...(isUnknown(input) ? [] : input).flatMap(({ path, node, nodeUid }) =>
      path !== null && paths.includes(path)
        ? [{ what: 'input' as const, id: path, node, owner: nodeUid, is: path }]
        : [],
    ),
    ...(isUnknown(disks) || disk?.kind !== 'device' ? [] : disks).flatMap(({ path, node, nodeUid }) =>
      path !== null && disk?.kind === 'device' && path === disk.path
        ? [{ what: 'disk' as const, id: path, node, owner: nodeUid, is: path }]
        : [],
    ),
    ...(definition.kvmfr && kvmfr !== null && !isUnknown(kvmfr)
      ? [{ what: 'kvmfr' as const, id: KVMFR_NODE, node: KVMFR_NODE, owner: kvmfr.nodeUid, is: KVMFR_NODE }]
      : []),
  ]
}
