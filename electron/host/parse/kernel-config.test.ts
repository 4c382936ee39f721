import { describe, expect, it } from 'vitest'
import { parseKernelConfig } from './kernel-config.ts'

describe('a kernel configuration', () => {
  it('reads “is not set” as n, and y or m as they are', () => {
    expect(parseKernelConfig('CONFIG_VFIO=m\n# CONFIG_VFIO_PCI is not set\n')).toMatchObject({
      VFIO: 'm',
      VFIO_PCI: 'n',
      KVM: 'n',
    })
  })

  it('has newer options only where the kernel knows them', () => {
    expect(parseKernelConfig('CONFIG_VFIO=m\n')).not.toHaveProperty('VFIO_GROUP')
    expect(parseKernelConfig('# CONFIG_VFIO_GROUP is not set\n')).toHaveProperty('VFIO_GROUP', 'n')
    expect(parseKernelConfig('CONFIG_VFIO_CONTAINER=y\n')).toHaveProperty('VFIO_CONTAINER', 'y')
  })
})
