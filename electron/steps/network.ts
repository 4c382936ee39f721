import type { Choices } from '../../shared/choices.ts'
import type { Facts } from '../../shared/facts.ts'
import type { Finding } from '../../shared/finding.ts'
import { NO_CHANGES, type Step, advise, fail, goTo, pass, saw, unknown } from './step.ts'

export const network: Step = {
  id: 'network',
  title: 'Network',
  paper: {
    did: 'The paper creates a bridge and says nothing of how.',
    we: 'A bridge on the only network card can cut you off. The VM gets a private network inside QEMU (NAT), which needs no host change and no privilege. A bridge with automatic rollback is not handled yet.',
  },
  check: (facts) => [uplink(facts)],
  plan: () => NO_CHANGES,
  verify: (facts, choices) => [mode(facts, choices)],
}

function uplink(facts: Facts): Finding {
  const { defaultRoute, links } = facts.network
  const quote = links.map((link) => `${link.name} ${link.kind} ${link.up ? 'up' : 'down'}`).join('\n')
  const seen = [
    saw('/sys/class/net', quote),
    saw('/proc/net/route', defaultRoute === null ? 'no default route' : `default dev ${defaultRoute}`),
  ]
  if (defaultRoute === null)
    return pass(
      'network-uplink',
      'This host has no default route now; the VM will have no more network than the host.',
      seen,
    )
  return pass('network-uplink', `The VM reaches what the host reaches through ${defaultRoute}.`, seen)
}

function mode(facts: Facts, choices: Choices): Finding {
  if (choices.network.mode === 'user') {
    return pass('network-mode', 'The VM gets a private network with NAT; the host’s own network is not touched.', [
      saw('choice', 'user-mode network of QEMU'),
    ])
  }
  const wireless = facts.network.links.find((link) => link.name === facts.network.defaultRoute)?.kind === 'wireless'
  if (wireless)
    return fail(
      'network-mode',
      'A Wi-Fi card cannot be a bridge port: access points drop frames of other addresses.',
      [saw('/sys/class/net', facts.network.defaultRoute)],
      advise('Choose the private network.'),
    )
  return unknown(
    'network-mode',
    'Bridges are not handled yet.',
    [saw('QEMU', facts.qemu === null ? null : 'installed')],
    goTo('network', 'Choose the private network.'),
  )
}
