import { z } from 'zod'
import { plural } from '#shared/base/text.ts'
import { way } from '#shared/facts/identity.ts'
import { bdfAddress, shortAddress } from '#shared/facts/pci.ts'
import { VFIO_PCI } from '#shared/units/drivers.ts'
import { kind } from './kind.ts'

/** What is at an address; `way`: how it is reached, which its twin is not. Changes made before have none. */
const NAMED = { vendorId: z.string(), deviceId: z.string(), way: way.optional() }

const loadModule = z.strictObject({ kind: z.literal('load-module'), module: z.enum([VFIO_PCI]) })

/** Sets driver_override of one function: which driver may bind it from now on (kernel ABI sysfs-bus-pci). */
const overrideDriver = z.strictObject({
  kind: z.literal('override-driver'),
  address: bdfAddress,
  override: z.literal(VFIO_PCI),
  expected: z.strictObject({ override: z.string().nullable(), ...NAMED }),
})

/** Takes one function from its driver and lets the kernel probe it again, honouring its override. */
const bindDriver = z.strictObject({
  kind: z.literal('bind-driver'),
  address: bdfAddress,
  driver: z.literal(VFIO_PCI),
  expected: z.strictObject({ driver: z.string().nullable(), ...NAMED }),
})

/**
 * Gives a physical function another number of virtual ones, which no driver of the host takes (kernel ABI
 * sysfs-bus-pci: sriov_numvfs, sriov_drivers_autoprobe). `expected.now`: how many it has.
 */
const setVirtualFunctions = z.strictObject({
  kind: z.literal('set-virtual-functions'),
  address: bdfAddress,
  count: z.number().int().min(0).max(65_535),
  expected: z.strictObject({ now: z.number().int(), ...NAMED }),
})

/** Clears the override of one function and lets the kernel give it to whichever driver it has for it. */
const giveBack = z.strictObject({
  kind: z.literal('give-back'),
  address: bdfAddress,
  expected: z.strictObject({
    driver: z.string().nullable(),
    override: z.string().nullable(),
    vendorId: z.string(),
    deviceId: z.string(),
  }),
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
  'set-virtual-functions': kind({
    schema: setVirtualFunctions,
    text: ({ address, count, expected }) =>
      count === 0
        ? `Take the ${plural(expected.now, 'virtual function')} of ${shortAddress(address)} away`
        : `Make ${plural(count, 'virtual function')} of ${shortAddress(address)}`,
    script: ({ address, count, expected }) => {
      const at = `/sys/bus/pci/devices/${address}`
      return [
        `echo 0 > ${at}/sriov_drivers_autoprobe`,
        ...(expected.now === 0 ? [] : [`echo 0 > ${at}/sriov_numvfs`]),
        ...(count === 0 ? [] : [`echo ${count} > ${at}/sriov_numvfs`]),
      ]
    },
    label: (number) => `make virtual functions of ${plural(number, 'card')}`,
  }),
  'give-back': kind({
    schema: giveBack,
    text: (change) => `Give ${shortAddress(change.address)} back to the host`,
    script: ({ address, expected }) => [
      `echo > /sys/bus/pci/devices/${address}/driver_override`,
      ...(expected.driver === null ? [] : [`echo ${address} > /sys/bus/pci/devices/${address}/driver/unbind`]),
      `echo ${address} > /sys/bus/pci/drivers_probe`,
    ],
    label: (number) => `give ${plural(number, 'function')} back`,
  }),
}
