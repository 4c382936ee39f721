import { expect, test } from 'vitest'
import { blocksGroup, isReserved, isVfioDriver } from './drivers.ts'

test.each([
  ['vfio-pci', { vfio: true, reserved: true, blocks: false }],
  ['xe-vfio-pci', { vfio: true, reserved: true, blocks: false }],
  ['nvgrace-gpu-vfio-pci', { vfio: true, reserved: true, blocks: false }],
  ['hisi-acc-vfio-pci', { vfio: true, reserved: true, blocks: false }],
  ['virtio-vfio-pci', { vfio: true, reserved: true, blocks: false }],
  ['pds-vfio-pci', { vfio: true, reserved: true, blocks: false }],
  ['qat_vfio_pci', { vfio: true, reserved: true, blocks: false }],
  ['mlx5_vfio_pci', { vfio: true, reserved: true, blocks: false }],
  ['pci-stub', { vfio: false, reserved: true, blocks: false }],
  ['pcieport', { vfio: false, reserved: false, blocks: false }],
  [null, { vfio: false, reserved: false, blocks: false }],
  ['nouveau', { vfio: false, reserved: false, blocks: true }],
  ['lpc_ich', { vfio: false, reserved: false, blocks: true }],
  ['notvfio-pci', { vfio: false, reserved: false, blocks: true }],
])('the driver %s is judged alike by every function', (driver, expected) => {
  expect({ vfio: isVfioDriver(driver), reserved: isReserved(driver), blocks: blocksGroup(driver) }).toEqual(expected)
})
