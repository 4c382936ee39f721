import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { choices as schema } from '#shared/wizard/choices.ts'
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
