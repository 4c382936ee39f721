import { describe, expect, it } from 'vitest'
import { newVmName } from './new-vm-name.ts'
import { vmName } from './vm-name.ts'

describe('a name for a new VM', () => {
  it('is no reserved name, though an older VM may have it', () => {
    for (const name of ['guard', 'set-apart', 'early-bind', 'vms', 'logs', 'helper', 'lock']) {
      expect(newVmName.safeParse(name).success).toBe(false)
      expect(vmName.safeParse(name).success).toBe(true)
    }
    expect(newVmName.safeParse('guards').success).toBe(true)
    expect(newVmName.safeParse('Guard').success).toBe(false)
  })
})
