import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { definition as step } from './definition.ts'

const facts = await paperFacts()
const { disks } = facts.peripherals
const known = isUnknown(disks) ? expect.fail() : disks
const spare = known.find(({ use, path }) => use === null && path !== null)?.path ?? expect.fail()
const used = known.find(({ use, path }) => use !== null && path !== null)?.path ?? expect.fail()

/** What step 8 says of whole disks: the first as the system disk, the others beside it. */
function said(first: string | null, ...others: string[]) {
  const whole = (path: string) => ({ kind: 'device' as const, path })
  const moreDisks = others.map((path, index) => ({ number: index + 2, bus: 'sata' as const, disk: whole(path) }))
  const disk = first === null ? null : whole(first)
  const situation = situationOf(facts, choosing({ definition: { profile: 'linux', disk, moreDisks } }))
  return step.check(situation).filter(({ code, about }) => code === 'definition-disk' && about === null)
}

describe('a whole disk of the host beside the system disk', () => {
  it('is nothing to complain of where the host can spare it', () => {
    expect(said(null, spare)).toEqual([])
  })

  it('is refused where the host uses it, is gone, or is another disk of the VM already', () => {
    expect(said(null, used)).toMatchObject([
      { status: 'fail', text: expect.stringContaining('cannot go to the VM') as string },
    ])
    expect(said(null, '/dev/disk/by-id/ata-gone')).toMatchObject([{ status: 'fail' }])
    expect(said(spare, spare)).toMatchObject([{ status: 'fail', text: `${spare} cannot be two disks of the VM.` }])
  })
})
