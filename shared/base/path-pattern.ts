/** `/sys/bus/pci/devices/0000:01:00.0/driver` with `*` for the address; so for groups, VFIO nodes and processes. */
export function pathPattern(path: string): string {
  return path
    .replaceAll(/[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu, '*')
    .replace(/(iommu_groups|\/dev\/vfio|\/proc)\/\d+/u, '$1/*')
}
