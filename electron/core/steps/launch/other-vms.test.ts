import { describe, expect, it } from 'vitest'
import { defineVm, definitionText } from '#core/definition/definition.ts'
import { situationOf } from '#core/situation.ts'
import { cardsOf } from '#core/units/units.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { otherVms } from './other-vms.ts'

const CONTROLLER = '0000:00:14.0'
const CARDS = { units: [...(reserving('0000:04:00.0').units ?? []), ...(reserving(CONTROLLER).units ?? [])] }
const CHOICES = choosing({ cards: CARDS })

/** The paper's workstation with a second VM, written with these functions. */
async function withOther(
  up: Facts['vms'][number]['up'],
  functions: string[],
  extraDevices: string[] = [],
  more: Partial<VmDefinition> = {},
): Promise<Facts> {
  const facts = await paperFacts()
  const definition = defineVm(facts, CHOICES, cardsOf(facts).slice(0, 1), null)
  if (definition === null) throw new Error('no VM')
  const text = definitionText({ ...definition, name: 'win', functions, extraDevices, ...more })
  const files = { ...facts.files, [vmPaths('win').definition]: { text, sha256: '' } }
  const vms = [
    { name: 'designer', up: true },
    { name: 'win', up },
  ]
  return { ...facts, files, vms }
}

const judged = (facts: Facts, extraDevices: string[] = [], more: Partial<Choices['definition']> = {}) => {
  const machine = { ...CHOICES.definition, extraDevices, ...more }
  return otherVms(situationOf(facts, { ...CHOICES, definition: machine })).map(({ status, text }) => [status, text])
}

describe('the card beside other VMs', () => {
  it('has no finding where there is a single VM', async () => {
    expect(otherVms(situationOf(await paperFacts(), CHOICES))).toEqual([])
  })

  it('is blocked by a running VM that has one of its functions or a companion', async () => {
    expect(judged(await withOther(true, ['0000:04:00.1']))).toEqual([['fail', 'The VM "win" is up and has 04:00.1.']])
    const along = await withOther(true, ['0000:09:00.0'], [CONTROLLER])
    expect(judged(along, [CONTROLLER])).toEqual([['fail', 'The VM "win" is up and has 00:14.0.']])
    expect(judged(along)).toEqual([['pass', expect.any(String)]])
  })

  it('is blocked by a running VM that has the same disk, USB device or keyboard', async () => {
    const stick = { port: '1-2', vendorId: '046d', productId: 'c31c' }
    const disk = { kind: 'image' as const, format: 'qcow2' as const, path: '/srv/vm/office.qcow2' }
    const keyboard = '/dev/input/by-id/usb-Office_Keyboard-event-kbd'
    const theirs = { disk, usbDevices: [stick], inputDevices: [{ path: keyboard, kind: 'keyboard' as const }] }
    const facts = await withOther(true, ['0000:09:00.0'], [], theirs)
    expect(judged(facts)).toEqual([['pass', expect.any(String)]])
    const has = `The VM "win" is up and has 046d:c31c in USB port 1-2 and ${disk.path} and ${keyboard}.`
    expect(judged(facts, [], { disk, usb: [stick], evdev: [keyboard] })).toEqual([['fail', has]])
    const own = { kind: 'new' as const, format: 'qcow2' as const, sizeGiB: 64 }
    expect(judged(await withOther(true, ['0000:09:00.0'], [], { disk: own }), [], { disk: own })).toEqual([
      ['pass', expect.any(String)],
    ])
  })

  it('is blocked by a running VM to which the same port of the host leads', async () => {
    const port = { protocol: 'tcp' as const, hostPort: 13_389, guestPort: 3389, everyone: false }
    const theirs = { profile: 'linux' as const, network: { kind: 'user' as const, forwards: [port] } }
    const facts = await withOther(true, ['0000:09:00.0'], [], theirs)
    const mine = (hostPort: number) => {
      const chosen = { ...CHOICES, network: { ...CHOICES.network, forwards: [{ ...port, hostPort }] } }
      const situation = situationOf(facts, { ...chosen, definition: { ...CHOICES.definition, profile: 'linux' } })
      return otherVms(situation).map(({ status, text }) => [status, text])
    }
    expect(mine(13_389)).toEqual([['fail', 'The VM "win" is up and has TCP port 13389 of this host.']])
    expect(mine(13_390)).toEqual([['pass', expect.any(String)]])
  })

  it('is free while the other VM is off', async () => {
    expect(judged(await withOther(false, ['0000:04:00.0']))).toEqual([['pass', expect.any(String)]])
  })

  it('is blocked by what a running VM was started with, not by what was written since', async () => {
    const facts = await withOther(true, ['0000:09:00.0'])
    const written = situationOf(facts, CHOICES).written.get('win')
    if (written === undefined) throw new Error('not written')
    const running = new Map([['win', { ...written, functions: ['0000:04:00.0'] }]])
    const found = otherVms(situationOf(facts, CHOICES, { running }))
    expect(found.map(({ text }) => text)).toEqual(['The VM "win" is up and has 04:00.0.'])
  })

  it('is unknown while the state or the devices of the other VM are unknown', async () => {
    const hidden = { unknown: 'It belongs to another user.' }
    expect(judged(await withOther(hidden, ['0000:04:00.0']))).toEqual([
      ['unknown', expect.stringContaining('is up is not known')],
    ])
    expect(judged(await withOther(hidden, ['0000:09:00.0']))).toEqual([['pass', expect.any(String)]])
    const facts = await withOther(true, ['0000:04:00.0'])
    expect(judged({ ...facts, files: {} })).toEqual([
      ['unknown', expect.stringContaining('what it was given is not known')],
    ])
  })
})
