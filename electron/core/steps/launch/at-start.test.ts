import { describe, expect, it } from 'vitest'
import { definitionText } from '#core/definition/definition.ts'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { choosing, reserving } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { atStart } from './at-start.ts'

const CARD = '0000:04:00.0'
const facts = await paperFacts()
const XORG = { pid: 912, name: 'Xorg', user: 'root', node: '/dev/dri/card0', address: CARD }
const RENDERER = { pid: 77, name: 'blender', user: 'designer', node: '/dev/dri/renderD128', address: CARD }

const used = (...list: Facts['holders']['list']): Facts => ({ ...facts, holders: { complete: true, list } })
const situation = (host: Facts, chosen: Partial<Choices['definition']> = {}, when: 'vm' | 'boot' = 'vm') =>
  situationOf(host, choosing({ cards: reserving(CARD, { when }), definition: chosen }))
const judged = (host: Facts, chosen: Partial<Choices['definition']> = {}) =>
  atStart(situation(host, chosen)).find(({ code }) => code === 'launch-at-start')

describe('a card that the VM’s start takes', () => {
  it('stands in vm.json with its way, sound before the GPU, and what is stopped for it', () => {
    const { definition } = situation(facts, { stopAtStart: ['display-manager.service'], comeBackMinutes: 5 })
    expect(definition?.atStart).toEqual({
      functions: [
        { address: '0000:04:00.1', vendorId: '10de', deviceId: '0fbb', way: '0000:00:03.0/00.1' },
        { address: CARD, vendorId: '10de', deviceId: '13f1', way: '0000:00:03.0/00.0' },
      ],
      stop: ['display-manager.service'],
      minutes: 5,
    })
  })

  it('leaves vm.json of every other VM as it was', () => {
    const { definition } = situation(facts, { stopAtStart: ['display-manager.service'] }, 'boot')
    if (definition === null) throw new Error('no VM')
    expect(definitionText(definition)).not.toContain('atStart')
    expect(atStart(situation(facts, {}, 'boot'))).toEqual([])
  })

  it('is taken from an idle driver', () => {
    expect(judged(used())).toMatchObject({ status: 'pass', about: CARD })
  })

  it('stays while a program uses it that is not stopped, and its name and service are said', () => {
    const found = judged(used(XORG))
    expect(found).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('is in use by Xorg (pid 912, user root)') as string,
      fix: { step: 'definition', text: 'Tick there that display-manager.service is stopped for it.' },
    })
    expect(judged(used(XORG), { stopAtStart: ['display-manager.service'] })).toMatchObject({
      status: 'pass',
      text: expect.stringContaining('display-manager.service is stopped meanwhile') as string,
    })
  })

  it('stays while a program uses it that none of the stopped services can have begun', () => {
    const stays = judged(used(XORG, RENDERER), { stopAtStart: ['nvidia-persistenced.service'] })
    expect(stays).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('blender (pid 77, user designer)') as string,
    })
  })

  it.each(['display-manager.service', 'render-farm.service'])(
    'may be taken from a program that is not known where %s is stopped for it',
    (service) => {
      expect(judged(used(RENDERER), { stopAtStart: [service] })).toMatchObject({ status: 'pass' })
    },
  )

  it('stays where no systemd would give it back', () => {
    const without = { ...used(), network: { ...facts.network, systemd: false } }
    expect(judged(without)).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('without systemd') as string,
    })
  })

  it('stays where it is known not to come back from a reset', () => {
    const polaris = {
      ...used(),
      devices: facts.devices.map((device) => {
        return device.address === CARD
          ? { ...device, vendorId: '1002', deviceId: '67df', resetMethods: ['bus'] }
          : device
      }),
    }
    expect(judged(polaris)).toMatchObject({ status: 'fail', fix: { step: 'cards' } })
  })
})

describe('the host’s only screen', () => {
  const lit = {
    ...used(),
    devices: facts.devices.map((device) => {
      const mine = device.address === CARD
      return { ...device, bootVga: mine, connectors: mine ? [{ name: 'DP-1', connected: true }] : [] }
    }),
  }
  const picture = (host: Facts, chosen: Partial<Choices['definition']> = {}) =>
    atStart(situation(host, chosen)).find(({ code }) => code === 'launch-only-screen')

  it('goes with the card, and who would bring it back is asked for', () => {
    expect(picture(lit)).toMatchObject({ status: 'warn', fix: { step: 'definition' } })
    expect(picture(lit, { comeBackMinutes: 5 })).toMatchObject({
      status: 'pass',
      text: expect.stringContaining('If the guest is not up after 5 minutes, the VM is ended.') as string,
    })
  })

  it('stays with the host where another card has one', () => {
    const other = {
      ...lit,
      devices: lit.devices.map((device, index) => {
        return index === 0 ? { ...device, connectors: [{ name: 'HDMI-A-1', connected: true }] } : device
      }),
    }
    expect(picture(other)).toBeUndefined()
  })

  it('leaves SSH as the way in, or none, and says which', () => {
    const way = (sshListens: Facts['network']['sshListens']) =>
      atStart(situation({ ...lit, network: { ...lit.network, sshListens } })).find(
        ({ code }) => code === 'launch-way-in',
      )
    expect(way(true)).toMatchObject({ status: 'pass', text: 'Meanwhile the host is reached by SSH at 192.168.1.20.' })
    expect(way(false)).toMatchObject({ status: 'warn', text: expect.stringContaining('no other way') as string })
    expect(way({ unknown: 'closed' })).toMatchObject({ status: 'warn' })
  })
})
