import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { vmDefinition } from '#shared/vm/vm.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { type Choices, choices as schema } from '#shared/wizard/choices.ts'
import { choicesFrom } from '../choices-of.ts'
import { flatten, vmArguments } from '../qemu/argv.ts'
import { chosenBridge, joinableBridges } from './bridges.ts'

const facts = await paperFacts()
const qemu = facts.qemu === null || isUnknown(facts.qemu) ? expect.fail() : facts.qemu
const DESKTOP = { protocol: 'tcp', hostPort: 13_389, guestPort: 3389, everyone: false } as const

function vm(forwards: (typeof DESKTOP)[], mode: 'user' | 'bridge' = 'user') {
  const choices = choosing({ definition: { profile: 'linux' }, network: { mode, bridge: null, seconds: 60, forwards } })
  return situationOf(facts, choices).definition ?? expect.fail()
}

describe('ports of the host that lead to the guest', () => {
  it('are open to this host alone unless others were chosen, and never in the dry start', () => {
    const made = vm([DESKTOP])
    const line = (withHost: boolean) => flatten(vmArguments(made, qemu, withHost)).join(' ')
    expect(line(true)).toContain('-netdev user,id=net0,hostfwd=tcp:127.0.0.1:13389-:3389 ')
    expect(line(false)).toContain('-netdev user,id=net0 ')
    const open = { ...made, network: { kind: 'user' as const, forwards: [{ ...DESKTOP, everyone: true }] } }
    expect(flatten(vmArguments(open, qemu, true)).join(' ')).toContain('hostfwd=tcp::13389-:3389')
  })

  it('come back with the choices of a VM that somebody else wrote, and are none on a bridge', () => {
    expect(choicesFrom(vm([DESKTOP])).network.forwards).toEqual([DESKTOP])
    expect(vm([DESKTOP], 'bridge').network).not.toHaveProperty('forwards')
  })

  it.each([
    ['twice the same', [DESKTOP, { ...DESKTOP, guestPort: 22 }]],
    ['one of root’s', [{ ...DESKTOP, hostPort: 80 }]],
    ['none at all', [{ ...DESKTOP, guestPort: 0 }]],
  ])('are never %s', (_, forwards) => {
    const { network, ...others } = choosing({})
    expect(schema.safeParse({ ...others, network: { ...network, forwards } }).success).toBe(false)
  })
})

describe('further network cards', () => {
  const chosen = [
    { number: 2, model: 'e1000e' as const, bridge: null },
    { number: 4, model: 'virtio' as const, bridge: 'br-lab' },
  ]
  const withCards = (moreNics: typeof chosen, mode: 'user' | 'bridge' = 'user') => {
    const network = { mode, bridge: null, seconds: 60, forwards: [DESKTOP] }
    return (
      situationOf(facts, choosing({ definition: { profile: 'linux', moreNics }, network })).definition ?? expect.fail()
    )
  }
  const lines = (made: ReturnType<typeof vm>, withHost = true) =>
    flatten(vmArguments(made, qemu, withHost)).filter((word) => /netdev=|^(?:user|tap),/u.test(word))

  it('have network, kind, MAC and slot of their own, and ports lead to the first alone', () => {
    const made = withCards(chosen)
    const macs = [made.network.mac, ...made.moreNics.map(({ network }) => network.mac)]
    expect(new Set(macs).size).toBe(3)
    expect(lines(made)).toEqual([
      'user,id=net0,hostfwd=tcp:127.0.0.1:13389-:3389',
      `virtio-net-pci,netdev=net0,mac=${macs[0]},bus=pcie.0,addr=03.0`,
      'user,id=net2',
      `e1000e,netdev=net2,mac=${macs[1]},bus=pcie.0,addr=0d.0`,
      'tap,id=net4,ifname=tap4-designer,script=no,downscript=no,vhost=on,queues=4',
      `virtio-net-pci,netdev=net4,mac=${macs[2]},mq=on,vectors=10,bus=pcie.0,addr=0e.0`,
    ])
    expect(lines(made, false).some((word) => word.startsWith('tap'))).toBe(false)
  })

  it('leave the others as they are when one is left out, and come back as they were', () => {
    const made = withCards(chosen)
    const one = withCards(chosen.slice(1))
    expect(one.moreNics).toEqual(made.moreNics.slice(1))
    expect(choicesFrom(made).definition.moreNics).toEqual(chosen)
  })

  it('are none in a VM that was written before there were any', () => {
    const { nicModel, moreNics, ...older } = withCards([])
    expect([nicModel, moreNics]).toEqual(['virtio', []])
    expect(vmDefinition.parse(older)).toEqual(withCards([]))
  })
})

describe('queues of a network card', () => {
  const on = (more: Partial<Choices['definition']>, vhostNet = true) => {
    const choices = choosing({ definition: { profile: 'linux', ...more }, network: { mode: 'bridge' } })
    const host = { ...facts, network: { ...facts.network, vhostNet } }
    return situationOf(host, choices).definition?.network
  }

  it('are as many as the guest has processors, at most four', () => {
    expect(on({ vcpus: 2 })).toMatchObject({ queues: 2 })
    expect(on({ vcpus: 8 })).toMatchObject({ queues: 4 })
  })

  it('are one for a guest of one processor, without vhost, and for a card that is none of virtio', () => {
    for (const network of [on({ vcpus: 1 }), on({ vcpus: 4 }, false), on({ vcpus: 4, nicModel: 'e1000e' })]) {
      expect(network).toMatchObject({ kind: 'tap' })
      expect(network).not.toHaveProperty('queues')
    }
  })
})

describe('the bridge of libvirt', () => {
  const virbr0 = { name: 'virbr0', kind: 'bridge' as const, up: true, master: null, addresses: [] }
  const [like = expect.fail()] = facts.network.links
  const links = [{ ...like, ...virbr0 }, ...facts.network.links.filter(({ kind }) => kind !== 'bridge')]
  const host = { ...facts, network: { ...facts.network, links } }

  it('is offered, and joined only when it was named', () => {
    expect(joinableBridges(host).map(({ name }) => name)).toEqual(['virbr0'])
    const choice = (bridge: string | null) => choosing({ network: { mode: 'bridge', bridge } })
    expect(chosenBridge(host, choice(null))).toBeNull()
    expect(chosenBridge(host, choice('virbr0'))?.name).toBe('virbr0')
  })
})
