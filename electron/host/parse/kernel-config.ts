/** Options this program asks about; the rest of a kernel configuration is not kept. */
const WANTED_OPTIONS = [
  'IOMMU_SUPPORT',
  'INTEL_IOMMU',
  'INTEL_IOMMU_DEFAULT_ON',
  'INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF',
  'AMD_IOMMU',
  'IRQ_REMAP',
  'VFIO',
  'VFIO_IOMMU_TYPE1',
  'VFIO_PCI',
  'VFIO_PCI_VGA',
  'VFIO_NOIOMMU',
  'KVM',
  'KVM_INTEL',
  'KVM_AMD',
  'TUN',
  'BRIDGE',
] as const

/** Options that came later (Linux 6.1 and 6.6); a kernel that does not mention them is older, not without them. */
const LATER_OPTIONS = ['VFIO_CONTAINER', 'VFIO_GROUP'] as const

/** Reads `CONFIG_X=y|m` lines; an option that is not set is `n`. Names are kept without the prefix. */
export function parseKernelConfig(text: string): Record<string, string> {
  const set = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^CONFIG_([A-Z0-9_]+)=(\S+)/u.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) set.set(match[1], match[2])
  }
  const later = LATER_OPTIONS.filter((name) => new RegExp(`^(# )?CONFIG_${name}[= ]`, 'mu').test(text))
  return Object.fromEntries([...WANTED_OPTIONS, ...later].map((name) => [name, set.get(name) ?? 'n']))
}
