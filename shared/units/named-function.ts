import type { Device } from '../facts/pci.ts'

/** A function by where it is and what is there: addresses move when cards are added. */
export type NamedFunction = Pick<Device, 'address' | 'vendorId' | 'deviceId'>

/** Returns whether a device is the function that was named. */
export function isNamed(device: NamedFunction, { address, vendorId, deviceId }: NamedFunction): boolean {
  return device.address === address && device.vendorId === vendorId && device.deviceId === deviceId
}
