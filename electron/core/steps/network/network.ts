import { vmUser } from '#core/definition/definition.ts'
import { bridgesOf, chosenBridge, joinableBridges, linkOf } from '#core/definition/network/bridges.ts'
import { citeChoice } from '#core/evidence.ts'
import { citeFile } from '#core/evidence.ts'
import { citeHost } from '#core/evidence.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts, NetworkLink } from '#shared/facts/facts.ts'
import { tapName } from '#shared/facts/network.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { nixosText } from '../distros/nixos.ts'
import { fail, manualFix, NO_CHANGES, pass, type PlanBody, type Step, unknown, warn } from '../step.ts'
import { citeRoute, newBridge } from './new-bridge.ts'

export const network: Step = {
  id: 'network',
  title: 'Network',
  paper: {
    did: 'The paper creates a bridge and says nothing of how.',
    we: 'A bridge on the only network card can cut you off. The VM gets a private network inside QEMU (NAT), which needs no host change. A bridge is built through the tool that manages the card, with its IP settings and address, and the old network comes back by itself unless you keep the new one.',
  },
  gates: [],
  check: ({ facts, choices }) => [uplink(facts), ...barriers(facts, choices)],
  plan: ({ facts, choices }) => {
    const bridge = chosenBridge(facts, choices)
    return body(bridge === null ? building(facts, choices) : [])
  },
  hostText: (situation) => nixosText(situation, 'network'),
  verify: ({ facts, choices }) => {
    if (choices.network.mode === 'user')
      return [
        pass('network-mode', 'The VM gets a private network with NAT; the host’s own network is not touched.', [
          citeChoice('user-mode network of QEMU'),
        ]),
      ]
    const bridge = chosenBridge(facts, choices)
    return bridge === null ? [missing(facts, choices)] : [inPlace(bridge, facts), tap(facts, choices, bridge)]
  },
}

function body(changes: PlannedChange[]): PlanBody {
  if (changes.length === 0) return NO_CHANGES
  const moves = changes.some(({ change }) => change.kind === 'switch-network')
  return { changes, rebootNeeded: false, risk: moves ? 'may-lose-network' : 'reversible', confirm: null }
}

function uplink(facts: Facts): Finding {
  const { defaultRoute, manager } = facts.network
  const seen = [
    citeFile('/sys/class/net', facts.network.links.map(describe).join('\n')),
    citeRoute(facts),
    citeHost('network manager', isUnknown(manager) ? manager.unknown : (manager?.evidence ?? 'none of those known')),
  ]
  if (defaultRoute === null)
    return pass(
      'network-uplink',
      'This host has no default route now; the VM will have no more network than the host.',
      seen,
    )
  return pass('network-uplink', `The VM reaches what the host reaches through ${defaultRoute.link}.`, seen)
}

function describe({ name, kind, up, master, addresses }: NetworkLink): string {
  const port = master === null ? '' : `, port of ${master}`
  const known = isUnknown(addresses) ? 'addresses not known' : addresses.join(' ')
  return `${name}: ${kind}, ${up ? 'up' : 'not up'}${port}${known === '' ? '' : `, ${known}`}`
}

/** Returns what prevents the choice. Nothing prevents the private network. */
function barriers(facts: Facts, choices: Choices): Finding[] {
  if (choices.network.mode === 'user') return []
  const bridge = chosenBridge(facts, choices)
  return [...(bridge === null ? ground(facts, choices) : []), docker(facts)]
}

function ground(facts: Facts, choices: Choices): Finding[] {
  if (choices.network.mode === 'bridge') return [noBridge(facts, choices)]
  const found = newBridge(facts, choices)
  if (found.kind === 'possible')
    return [
      pass('network-bridge', `${found.manager} manages ${found.uplink}, and its settings can be copied to a bridge.`, [
        citeHost(
          'network manager',
          isUnknown(facts.network.manager) ? null : (facts.network.manager?.evidence ?? null),
        ),
      ]),
      ...netplan(facts),
    ]
  const judge = found.known ? fail : unknown
  return [judge('network-bridge', found.text, found.evidence, found.fix)]
}

/** Files of the renderer's own directory outlive `netplan apply`, which writes below /run only (netplan-generate(8)). */
function netplan(facts: Facts): Finding[] {
  const { manager } = facts.network
  if (manager === null || isUnknown(manager) || !manager.netplan) return []
  const seen = [citeHost('network manager', manager.evidence)]
  const text = `netplan wrote the configuration of this link. The bridge is built through ${manager.id}, in files netplan leaves alone.`
  if (manager.id !== 'NetworkManager') return [pass('network-netplan', text, seen)]
  const again = '"netplan apply" brings its own profile up again and takes the link out of the bridge.'
  return [
    warn(
      'network-netplan',
      `${text} ${again}`,
      seen,
      manualFix('After it, check again and apply this step anew, or reboot.'),
    ),
  ]
}

function noBridge(facts: Facts, choices: Choices): Finding {
  const names = bridgesOf(facts).map((link) => link.name)
  const seen = [citeFile('/sys/class/net', names.length === 0 ? 'no bridge' : names.join(' '))]
  const { bridge } = choices.network
  if (bridge !== null)
    return fail('network-bridge', `There is no bridge ${bridge}.`, seen, manualFix('Choose another.'))
  const several = joinableBridges(facts).length > 1
  const text = several ? 'There are several bridges; say which one the VM joins.' : 'There is no bridge to join.'
  return fail('network-bridge', text, seen, manualFix('Choose a network below.'))
}

/**
 * Warns of Docker, which sets the FORWARD policy to DROP, where br_netfilter shows bridged frames to it. Reading the
 * policy takes root.
 */
function docker(facts: Facts): Finding {
  const { bridgeNetfilter, docker: present } = facts.network
  const quote = isUnknown(bridgeNetfilter)
    ? bridgeNetfilter.unknown
    : bridgeNetfilter === null
      ? null
      : String(Number(bridgeNetfilter))
  const seen = [
    citeFile('/proc/sys/net/bridge/bridge-nf-call-iptables', quote),
    citeFile('/run/docker.sock', present ? 'exists' : null),
  ]
  if (isUnknown(bridgeNetfilter))
    return unknown('network-docker', 'Whether the firewall sees bridged frames cannot be read.', seen)
  if (bridgeNetfilter !== true)
    return pass('network-docker', 'The firewall of this host does not look at bridged frames.', seen)
  const who = present ? 'Docker’s firewall' : 'This host’s firewall'
  return warn(
    'network-docker',
    `${who} looks at bridged frames and may drop what the VM sends; its rules are readable by root only.`,
    seen,
    manualFix('If the VM gets no address, allow the bridge in the FORWARD chain (with Docker: in DOCKER-USER).'),
  )
}

function missing(facts: Facts, choices: Choices): Finding {
  const text = choices.network.mode === 'new-bridge' ? 'The bridge is not there yet.' : 'No bridge is chosen.'
  return fail('network-mode', text, [citeFile('/sys/class/net', facts.network.links.map(describe).join('\n'))])
}

function inPlace(bridge: NetworkLink, facts: Facts): Finding {
  const { name, up } = bridge
  const ports = facts.network.links.filter((link) => link.master === name).map((link) => link.name)
  const through = facts.network.defaultRoute?.link === name ? ', and the default route goes through it' : ''
  const seen = [citeFile(`/sys/class/net/${name}`, `${describe(bridge)}; ports: ${ports.join(' ') || 'none'}`)]
  // A bridge without a live port has no carrier and says "down"; that is no fault of a bridge made for VMs alone.
  const state = up ? 'up' : 'there, without a live port'
  return pass('network-mode', `The bridge ${name} is ${state}${through}.`, seen)
}

function tap(facts: Facts, choices: Choices, bridge: NetworkLink): Finding {
  const user = vmUser(facts)
  const name = tapName(choices.definition.name)
  const found = linkOf(facts, name)
  if (user === null) return unknown('network-tap', 'There is no ordinary user the VM’s tap could belong to.', [])
  if (found === null)
    return pass(
      'network-tap',
      `The VM’s start makes its tap ${name}, a port of ${bridge.name}, and its end removes it.`,
      [citeFile(`/sys/class/net/${name}`, null)],
    )
  const seen = [
    citeFile(
      `/sys/class/net/${name}`,
      `${found.kind}, owner ${found.tapOwner ?? 'nobody'}, port of ${found.master ?? 'nothing'}`,
    ),
  ]
  if (found.kind === 'tap' && found.tapOwner === user.uid && found.master === bridge.name)
    return pass('network-tap', `${user.name}’s tap ${name} is a port of ${bridge.name}.`, seen)
  return fail(
    'network-tap',
    `A link ${name} is there, but it is not ${user.name}’s tap in ${bridge.name}.`,
    seen,
    manualFix('Undo step 9, which may have made it, or give the VM another name in step 8.'),
  )
}

/** Plans a bridge: guard first, files, then the switch. Undone in the opposite order. */
function building(facts: Facts, choices: Choices): PlannedChange[] {
  if (choices.network.mode !== 'new-bridge') return []
  const found = newBridge(facts, choices)
  if (found.kind === 'impossible') return []
  const { manager, uplink: over, bridge, ip, mac, files } = found
  const { seconds } = choices.network
  return [
    {
      change: { kind: 'guard-network', manager, uplink: over, bridge, ip, seconds, expected: { mac } },
      reason: `Should the new network cut you off, systemd takes all of this back after ${seconds} s.`,
      before: null,
    },
    ...files,
    {
      change: { kind: 'switch-network', manager, uplink: over, bridge, ip },
      reason: `${over} keeps its cable and its address; the host’s IP settings move to ${bridge}.`,
      before: null,
    },
  ]
}
