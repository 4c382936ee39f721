import { z } from 'zod'
import { plural } from '#shared/base/text.ts'
import { kind } from './kind.ts'

/** Gives /dev/vfio/<group> to the user the VM runs as. Lasts until the group is released or the host reboots. */
const grantDeviceAccess = z.strictObject({
  kind: z.literal('grant-device-access'),
  group: z.number().int().min(0),
  uid: z.number().int().min(1),
  expected: z.strictObject({ uid: z.number().int() }),
})

/**
 * Gives the node of a USB device, keyboard, mouse, disk or kvmfr to the user the VM runs as, until udev makes the
 * node anew. `id` is the USB port or udev's lasting name; `expected.what` is what has to be there, in its own words.
 */
const grantNodeAccess = z.strictObject({
  kind: z.literal('grant-node-access'),
  what: z.enum(['usb', 'input', 'disk', 'kvmfr']),
  id: z.string(),
  node: z.string().regex(/^\/dev\/(bus\/usb\/\d{3}\/\d{3}|input\/event\d+|[a-z][a-z0-9]+|kvmfr0)$/u),
  uid: z.number().int().min(1),
  expected: z.strictObject({ uid: z.number().int(), what: z.string() }),
})

export const accessKinds = {
  'grant-device-access': kind({
    schema: grantDeviceAccess,
    text: (change) => `Let uid ${change.uid} open /dev/vfio/${change.group}`,
    script: ({ uid, group }) => [`chown ${uid} /dev/vfio/${group}`],
    label: () => 'open the group to its user',
  }),
  'grant-node-access': kind({
    schema: grantNodeAccess,
    text: (change) => `Let uid ${change.uid} open ${change.node} (${change.expected.what})`,
    script: ({ uid, node }) => [`chown ${uid} ${node}`],
    label: (number) => `open ${plural(number, 'device')} to its user`,
  }),
}
