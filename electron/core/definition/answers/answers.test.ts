import { describe, expect, it } from 'vitest'
import { viewDefinition } from '#core/definition/view.ts'
import { situationOf } from '#core/situation.ts'
import { definition as step } from '#core/steps/definition/definition.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { ImageFile } from '#shared/facts/images/image-file.ts'
import { setupAnswers } from '#shared/vm/options/answers.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'

type Chosen = Partial<Choices['definition']>

const paper = await paperFacts()
const qemu = paper.qemu === null || isUnknown(paper.qemu) ? expect.fail() : paper.qemu
const facts: Facts = { ...paper, qemu: { ...qemu, devices: [...qemu.devices, 'ide-cd', 'ide-hd'] } }
const answers = setupAnswers.parse({ account: 'anna' })
const windows = { profile: 'windows-10', installIso: '/srv/w.iso', driverIso: '/srv/v.iso', answers } as const
const disk = { kind: 'new', format: 'qcow2', sizeGiB: 9 } as const

function about(chosen: Chosen, on: Facts = facts) {
  const situation = situationOf(on, choosing({ definition: { ...windows, ...chosen } }))
  const view = viewDefinition({ ...situation, vms: situation.written })
  return {
    situation,
    view: view?.answers ?? expect.fail('no view'),
    given: situation.definition?.answers,
    finding: step.check(situation).find(({ code }) => code === 'definition-answers'),
    planned: step.plan(situation).changes.map(({ change }) => change.kind),
  }
}

describe('Windows that installs itself', () => {
  it('is offered for a new disk, and its disc is planned behind the disk', () => {
    const { view, given, finding, planned } = about({})
    expect(view).toEqual({ offered: true, blocked: null, image: 'Windows 10 Pro' })
    expect(given).toEqual(answers)
    expect(finding).toMatchObject({ status: 'pass' })
    expect(planned.indexOf('make-answer-disc')).toBeGreaterThan(planned.indexOf('create-disk-image'))
  })

  it.each<[string, Chosen, string]>([
    ['an existing image', { disk: { kind: 'image', format: 'raw', path: '/srv/d' } }, 'may hold something'],
    ['a whole disk of the host', { disk: { kind: 'device', path: '/dev/disk/by-id/ata-x' } }, 'may hold something'],
    ['a second disk', { moreDisks: [{ number: 2, bus: 'sata', disk }] }, 'the wrong one'],
  ])('is barred with %s, whose contents Setup would erase unasked', (_what, chosen, why) => {
    const { view, given, finding, planned } = about(chosen)
    expect(view.blocked).toContain(why)
    expect(given).toBeUndefined()
    expect(finding).toMatchObject({ status: 'fail', text: expect.stringContaining(why) as string })
    expect(planned).not.toContain('make-answer-disc')
  })

  it('is barred with a USB disk, and where nobody knows whether a USB device is one', () => {
    const { usb } = facts.peripherals
    const [first] = isUnknown(usb) ? [] : usb
    if (first === undefined) return expect.fail('the paper’s workstation has USB devices')
    const taken = { usb: [{ port: first.port, vendorId: first.vendorId, productId: first.productId }] }
    const stick = { ...first, name: 'Backup', kinds: ['storage' as const] }
    const withStick = { ...facts, peripherals: { ...facts.peripherals, usb: [stick] } }
    expect(about(taken, withStick).view.blocked).toContain('Backup is a disk')
    expect(about({}, withStick).view.blocked).toBeNull()
    const unread = { ...facts, peripherals: { ...facts.peripherals, usb: { unknown: 'closed' } } }
    expect(about(taken, unread).view.blocked).toContain('cannot be read')
  })

  it('is barred with a controller of disks that goes to the VM', () => {
    const { situation } = about({})
    const unit = situation.taken[0] ?? expect.fail('no card')
    const functions = unit.functions.map((one) => ({ ...one, classId: '010802' }))
    const view = viewDefinition({ ...situation, taken: [{ ...unit, functions }], vms: situation.written })
    expect(view?.answers.blocked).toContain('brings disks of its own')
  })

  it.each<[string, Chosen]>([
    ['Linux', { profile: 'linux' }],
    ['a VM without an installation disc', { installIso: null }],
  ])('is not offered for %s, and what was chosen for it does nothing', (_what, chosen) => {
    const { view, given, finding } = about(chosen)
    expect(view.offered).toBe(false)
    expect(given).toBeUndefined()
    expect(finding).toBeUndefined()
  })

  it('needs a program that makes discs', () => {
    const { finding, planned } = about({}, { ...facts, tools: { ...facts.tools, xorriso: false } })
    expect(finding).toMatchObject({ status: 'fail', fix: { text: expect.stringContaining('xorriso') as string } })
    expect(planned).not.toContain('make-answer-disc')
  })

  it('takes genisoimage where there is no xorriso', () => {
    const { situation } = about({}, { ...facts, tools: { ...facts.tools, xorriso: false, genisoimage: true } })
    const made = step.plan(situation).changes.map(({ change }) => change)
    expect(made).toContainEqual(expect.objectContaining({ kind: 'make-answer-disc', tool: 'genisoimage' }))
  })

  it('takes an installer only of a file that is a program of Windows', () => {
    const given = { answers: { ...answers, sunshine: '/srv/s.exe' } }
    const image: ImageFile = { kind: 'raw', writable: true, backing: [], startsBy: 'none' }
    const found = (one: Facts['images'][string]) => about(given, { ...facts, images: { '/srv/s.exe': one } }).finding
    expect(about(given).finding).toMatchObject({ status: 'fail', text: expect.stringContaining('not there') as string })
    expect(found(null)).toMatchObject({ status: 'fail', text: expect.stringContaining('not there') as string })
    expect(found({ unknown: 'closed' })).toMatchObject({ status: 'fail' })
    expect(found(image)).toMatchObject({ status: 'fail', text: expect.stringContaining('no program') as string })
    expect(found({ ...image, windowsProgram: true })).toMatchObject({ status: 'pass' })
  })

  it('warns of Windows 11 without a TPM, and of software without a disc that has it', () => {
    expect(about({ profile: 'windows-11', tpm: false }).finding).toMatchObject({ status: 'warn' })
    expect(about({ driverIso: null, diskBus: 'sata' }).finding).toMatchObject({ status: 'warn' })
    const nothing = { ...answers, software: 'none' as const }
    expect(about({ driverIso: null, diskBus: 'sata', answers: nothing }).finding).toMatchObject({ status: 'pass' })
  })
})
