import { describe, expect, it } from 'vitest'
import type { VmDisk } from '#shared/vm/options/disk.ts'
import { PLAIN_VM } from '#shared/vm/vm.fixture.ts'
import { vmUnitText } from './vm-unit.ts'

const image = (directory: string): VmDisk => ({
  ...{ kind: 'new', format: 'raw', sizeGiB: 9 },
  place: { directory, mount: '/data' },
})
const mounts = (...disks: VmDisk[]) => {
  const moreDisks = disks.slice(1).map((disk, index) => ({ number: index + 2, bus: 'sata' as const, disk }))
  const { text } = vmUnitText({ ...PLAIN_VM, disk: disks[0] ?? null, moreDisks })
  return text.split('\n').filter((line) => line.startsWith('RequiresMountsFor='))
}

describe('the unit of a VM', () => {
  it('waits for the disks that its images lie on, and asks for each directory once', () => {
    expect(mounts(image('/data/vms'), image('/data/vms'), image('/data/fast'))).toEqual([
      'RequiresMountsFor=/data/vms/passthrough-studio/designer',
      'RequiresMountsFor=/data/fast/passthrough-studio/designer',
    ])
  })

  it('waits for none where all lie with its other files, as before', () => {
    expect(mounts({ kind: 'new', format: 'raw', sizeGiB: 9 })).toEqual([])
  })
})
