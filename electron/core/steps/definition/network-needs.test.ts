import { describe, expect, it } from 'vitest'
import { situationOf } from '#core/situation.ts'
import { paperFacts } from '#host/simulated/paper/facts.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { definition as step } from './definition.ts'

const facts = await paperFacts()
const qemu = facts.qemu === null || isUnknown(facts.qemu) ? expect.fail() : facts.qemu
const [like = expect.fail()] = facts.network.links
const bridge = { ...like, name: 'br-lab', kind: 'bridge' as const, master: null }

/** What step 8 says of network cards on a host with one bridge and a QEMU of these devices. */
function said(chosen: Partial<Choices['definition']>, devices: readonly string[]) {
  const choices = choosing({ definition: { profile: 'linux', ...chosen } })
  const network = { ...facts.network, links: [...facts.network.links, bridge] }
  const situation = situationOf({ ...facts, network, qemu: { ...qemu, devices: [...devices] } }, choices)
  return step.check(situation).filter(({ code }) => code === 'definition-network')
}

const ALL = [...qemu.devices, 'virtio-net-pci', 'e1000e']
const card = (name: string | null) => ({ number: 3, model: 'virtio' as const, bridge: name })

describe('a network card', () => {
  it('that this QEMU has not got is told, the first and a further one', () => {
    const none = ALL.filter((name) => name !== 'e1000e')
    expect(said({ nicModel: 'e1000e' }, none)).toMatchObject([{ status: 'fail', about: 'e1000e' }])
    expect(said({ moreNics: [{ ...card(null), model: 'e1000e' }] }, none)).toMatchObject([{ about: 'e1000e' }])
    expect(said({ nicModel: 'e1000e' }, ALL)).toEqual([])
  })

  it('on a bridge that is not there is told with its number', () => {
    expect(said({ moreNics: [card('br-gone')] }, ALL)).toMatchObject([{ status: 'fail', about: '3' }])
    expect(said({ moreNics: [card('br-lab'), { ...card(null), number: 2 }] }, ALL)).toEqual([])
  })
})

describe('a port of the host that leads to the guest', () => {
  const forwards = [{ protocol: 'tcp' as const, hostPort: 13_389, guestPort: 3389, everyone: false }]

  /** What step 8 says where another VM is written with a port of this protocol. */
  function beside(protocol: 'tcp' | 'udp', mode: 'user' | 'bridge' = 'user') {
    const theirs = choosing({ definition: { profile: 'linux', name: 'office' }, network: { forwards } })
    const [other = expect.fail()] = [situationOf(facts, theirs).definition ?? undefined]
    const written = new Map([['office', other]])
    const network = { mode, forwards: forwards.map((one) => ({ ...one, protocol })) }
    const situation = situationOf(facts, choosing({ definition: { profile: 'linux' }, network }), { written })
    return step.check(situation).filter(({ code }) => code === 'definition-network')
  }

  it('and to that of another VM is told, with where another is chosen', () => {
    expect(beside('tcp')).toMatchObject([
      {
        status: 'warn',
        text: 'TCP port 13389 of this host leads to the VM "office" too: it does not run beside this one.',
        fix: { step: 'network' },
      },
    ])
  })

  it('alone is not, nor one of another protocol, nor one that a bridge makes superfluous', () => {
    expect(beside('udp')).toEqual([])
    expect(beside('tcp', 'bridge')).toEqual([])
  })
})
