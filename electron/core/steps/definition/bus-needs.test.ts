import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { definition as step } from './definition.ts'

const facts = await paperFacts()
const qemu = facts.qemu === null || isUnknown(facts.qemu) ? expect.fail() : facts.qemu
const disk = { kind: 'new', format: 'qcow2', sizeGiB: 20 } as const

/** What step 8 says of buses where this QEMU has no NVMe. */
function said(chosen: Partial<Choices['definition']>) {
  const devices = [...qemu.devices.filter((name) => name !== 'nvme'), 'ide-hd']
  const choices = choosing({ definition: { profile: 'linux', disk, ...chosen } })
  const situation = situationOf({ ...facts, qemu: { ...qemu, devices } }, choices)
  return step.check(situation).filter(({ code, about }) => code === 'definition-disk' && about !== null)
}

describe('the bus of a disk', () => {
  it('that this QEMU has not got is told, for the system disk and for one beside it', () => {
    expect(said({ diskBus: 'nvme' })).toMatchObject([{ status: 'fail', about: 'nvme' }])
    const moreDisks = [{ number: 2, bus: 'nvme' as const, disk }]
    expect(said({ diskBus: 'sata', moreDisks })).toMatchObject([{ status: 'fail', about: 'nvme' }])
  })

  it('that it has is not', () => {
    expect(said({ diskBus: 'sata' })).toEqual([])
  })
})
