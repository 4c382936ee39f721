import { z } from 'zod'
import { plural } from '#shared/base/text.ts'
import { bdfAddress, shortAddress } from '#shared/facts/pci.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import { kind } from './kind.ts'

const loadModule = z.strictObject({ kind: z.literal('load-module'), module: z.enum([VFIO_PCI]) })

/** Sets driver_override of one function: which driver may bind it from now on (kernel ABI sysfs-bus-pci). */
const overrideDriver = z.strictObject({
  kind: z.literal('override-driver'),
  address: bdfAddress,
  override: z.literal(VFIO_PCI),
  expected: z.strictObject({ override: z.string().nullable(), vendorId: z.string(), deviceId: z.string() }),
})

/** Takes one function from its driver and lets the kernel probe it again, honouring its override. */
const bindDriver = z.strictObject({
  kind: z.literal('bind-driver'),
  address: bdfAddress,
  driver: z.literal(VFIO_PCI),
  expected: z.strictObject({ driver: z.string().nullable(), vendorId: z.string(), deviceId: z.string() }),
})

export const driversKinds = {
  'load-module': kind({
    schema: loadModule,
    text: (change) => `Load ${change.module}`,
    script: ({ module }) => [`modprobe ${module}`],
    label: () => `load ${VFIO_PCI}`,
  }),
  'override-driver': kind({
    schema: overrideDriver,
    text: (change) => `Reserve ${shortAddress(change.address)} for ${change.override}`,
    script: ({ address, override }) => [`echo ${override} > /sys/bus/pci/devices/${address}/driver_override`],
    label: null,
  }),
  'bind-driver': kind({
    schema: bindDriver,
    text: (change) =>
      `Move ${shortAddress(change.address)} from ${change.expected.driver ?? 'no driver'} to ${change.driver}`,
    script: ({ address, expected }) => [
      ...(expected.driver === null ? [] : [`echo ${address} > /sys/bus/pci/devices/${address}/driver/unbind`]),
      `echo ${address} > /sys/bus/pci/drivers_probe`,
    ],
    label: (number) => `bind ${plural(number, 'function')}`,
  }),
}
