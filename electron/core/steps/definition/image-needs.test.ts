import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { definition as step } from './definition.ts'

const PATH = '/srv/vm/win10.img'
const QCOW2: ImageFile = { kind: 'qcow2', writable: true, backing: [], startsBy: 'uefi' }
const facts = await paperFacts()

interface Look {
  image?: Facts['images'][string]
  chosen?: Partial<Choices['definition']>
  written?: VmDefinition
}

/** What step 8 says of this image, and the VM it leads to. */
function look({ image = QCOW2, chosen = {}, written }: Look) {
  const disk = { kind: 'image', path: PATH } as const
  const choices = choosing({ definition: { profile: 'windows-10', disk, ...chosen } })
  const known = new Map(written === undefined ? [] : [[written.name, written]])
  const situation = situationOf({ ...facts, images: { [PATH]: image } }, choices, { written: known })
  const said = step.check(situation).filter(({ code }) => /^definition-(?:disk|boot|image)$/u.test(code))
  return { said, vm: situation.definition ?? expect.fail() }
}

describe('an existing disk image', () => {
  it.each(['qcow2', 'raw'] as const)('is taken as what it is by its bytes: %s', (kind) => {
    const { said, vm } = look({ image: { ...QCOW2, kind } })
    expect(vm.disk).toEqual({ kind: 'image', format: kind, path: PATH })
    expect(said).toMatchObject([{ status: 'pass', code: 'definition-disk' }])
  })

  it('that btrfs writes elsewhere on each change is told, with how to copy it', () => {
    const { said } = look({ image: { ...QCOW2, copiedOnWrite: true } })
    expect(said).toMatchObject([{ status: 'pass' }, { status: 'warn', code: 'definition-image' }])
    expect(said[1]?.fix?.text).toContain(`chattr +C ${PATH}.new && cat ${PATH} > ${PATH}.new`)
  })

  it.each(['vmdk', 'vdi', 'vhdx', 'vhd', 'luks'] as const)('in %s is refused, with how to convert it', (kind) => {
    const { said } = look({ image: { ...QCOW2, kind } })
    expect(said[0]).toMatchObject({ status: 'fail' })
    expect(said[0]?.fix?.text).toContain(`qemu-img convert -O qcow2 ${PATH}`)
  })

  it.each([
    ['that is not there', null, 'is not there, or the VM’s user may not look into its directory'],
    ['that may not be read', { unknown: `designer may not read ${PATH}` }, 'designer may not read'],
    ['that may not be written to', { ...QCOW2, writable: false }, 'may not write to'],
    [
      'that rests on one that is missing',
      { ...QCOW2, backing: [{ path: '/srv/base.qcow2', there: false }] },
      'rests on /srv/base.qcow2, which is not there',
    ],
  ])('%s is refused', (_, image, text) => {
    const [said] = look({ image }).said
    expect(said?.status).toBe('fail')
    expect(said?.text).toContain(text)
    expect(said?.fix?.text).toBeDefined()
  })

  it('stays in the format the VM was made with, whatever a guest writes to its beginning', () => {
    const written = look({ image: { ...QCOW2, kind: 'raw' } }).vm
    const { said, vm } = look({ written })
    expect(vm.disk).toMatchObject({ format: 'raw' })
    expect(said[0]).toMatchObject({ status: 'fail' })
    expect(said[0]?.text).toContain('is qcow2 by its first bytes, and this VM takes it as raw')
    const taken = look({ written, chosen: { disk: { kind: 'image', path: PATH, format: 'qcow2' } } })
    expect(taken.vm.disk).toMatchObject({ format: 'qcow2' })
    expect(taken.said[0]?.status).toBe('pass')
  })
})

describe('the system on an existing image', () => {
  it('decides the firmware of a new VM by its partition table', () => {
    expect(look({ image: { ...QCOW2, startsBy: 'bios' } }).vm.firmware).toBeNull()
    for (const startsBy of ['uefi', 'both'] as const)
      expect(look({ image: { ...QCOW2, startsBy } }).vm.firmware).not.toBeNull()
  })

  it.each(['unknown', 'none'] as const)('is asked about where the table does not tell: %s', (startsBy) => {
    const image = { ...QCOW2, startsBy }
    expect(look({ image }).said[1]).toMatchObject({ code: 'definition-boot', status: 'fail' })
    for (const bios of [true, false]) {
      const { said, vm } = look({ image, chosen: { bios } })
      expect(said).toHaveLength(1)
      expect(vm.firmware === null).toBe(bios)
    }
    expect(look({ image, chosen: { installIso: '/srv/win.iso' } }).said).toHaveLength(1)
  })

  it('is warned of where the VM has the other firmware', () => {
    const bios = { ...QCOW2, startsBy: 'bios' } as const
    const eleven = look({ image: bios, chosen: { profile: 'windows-11' } })
    expect(eleven.said[1]).toMatchObject({ code: 'definition-boot', status: 'warn' })
    expect(look({ image: bios, chosen: { bios: false } }).said[1]?.text).toContain('starts by BIOS')
    expect(look({ chosen: { bios: true } }).said[1]?.text).toContain('starts by UEFI, and this VM has BIOS')
  })

  it('changes nothing of a VM that is made, unless its disk is another one', () => {
    const written = look({ image: { ...QCOW2, startsBy: 'uefi' } }).vm
    expect(look({ image: { ...QCOW2, startsBy: 'bios' }, written }).vm.firmware).toEqual(written.firmware)
    const other = { ...written, disk: { kind: 'image', format: 'raw', path: '/srv/other' } } as const
    expect(look({ image: { ...QCOW2, startsBy: 'bios' }, written: other }).vm.firmware).toBeNull()
  })
})
