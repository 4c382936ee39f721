import type { Device } from '../facts/pci.ts'

/** The driver that step 5 gives functions to. */
export const VFIO_PCI = 'vfio-pci' as const

/**
 * Variants of vfio-pci for one kind of device end in the same words: xe-vfio-pci, mlx5_vfio_pci
 * (Documentation/driver-api/vfio-pci-device-specific-driver-acceptance.rst). QEMU takes any of them.
 */
const VFIO = /(^|[-_])vfio[-_]pci$/u

/** The kernel's own driver for root ports and both sides of switches (Documentation/PCI/pciebus-howto.rst). */
export const PCIE_PORT_DRIVER = 'pcieport'

/** Drivers of the host that leave DMA to the group's owner: they set driver_managed_dma (pci-stub.c, portdrv.c). */
export const HARMLESS: ReadonlySet<string> = new Set(['pci-stub', PCIE_PORT_DRIVER])

/** Returns whether VFIO itself drives a function. */
export function isVfioDriver(driver: string | null): boolean {
  return driver !== null && VFIO.test(driver)
}

/** Returns whether a function can be opened by QEMU as it stands. */
export function heldByVfio({ driver }: Pick<Device, 'driver'>): boolean {
  return isVfioDriver(driver)
}

/**
 * Returns whether a driver was put in place to keep the host's own driver away; the kernel never chooses these by
 * itself.
 */
export function isReserved(driver: string | null): boolean {
  return isVfioDriver(driver) || driver === 'pci-stub'
}

/**
 * Returns whether a driver keeps its whole IOMMU group from being opened. One without a driver does not, nor does one
 * that leaves DMA alone (Documentation/driver-api/vfio.rst; iommu_device_use_default_domain in drivers/iommu/iommu.c).
 */
export function blocksGroup(driver: string | null): boolean {
  return driver !== null && !isVfioDriver(driver) && !HARMLESS.has(driver)
}
