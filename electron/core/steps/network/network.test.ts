import { describe, expect, it } from 'vitest'
import { situation } from '#core/situation.fixture.ts'
import { situationOf } from '#core/situation.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts, NetworkLink, UplinkManager } from '#shared/facts/facts.ts'
import { choosing } from '#shared/wizard/choices.fixture.ts'
import { verdictOf } from '../verdict.ts'
import { network } from './network.ts'

const NEW = choosing({ network: { mode: 'new-bridge' } })

async function factsWith(part: Partial<Facts['network']>, files: Facts['files'] = {}): Promise<Facts> {
  const facts = await factsFrom(simulated())
  return { ...facts, files: { ...facts.files, ...files }, network: { ...facts.network, ...part } }
}

function managed(id: UplinkManager['id'], source: string, config: string): Pick<Facts['network'], 'manager'> {
  return { manager: { id, netplan: false, evidence: 'seen', source, config } }
}

function link(part: Partial<NetworkLink> & Pick<NetworkLink, 'name' | 'kind'>): NetworkLink {
  return { mac: null, up: true, carrier: true, master: null, tapOwner: null, addresses: [], ...part }
}

function textsOf(facts: Facts): Record<string, string> {
  const { changes } = network.plan(situationOf(facts, NEW))
  return Object.fromEntries(
    changes.flatMap(({ change }) => (change.kind === 'write-file' ? [[change.path, change.text]] : [])),
  )
}

/** Why no bridge is made; the step has to say so and plan nothing. */
function refusal(facts: Facts, status = 'fail'): string {
  const found = network.check(situationOf(facts, NEW)).find((finding) => finding.code === 'network-bridge')
  expect(found?.status).toBe(status)
  expect(network.plan(situationOf(facts, NEW)).changes).toEqual([])
  return found?.text ?? ''
}

const PROFILE = [
  'connection.id:office',
  'connection.type:802-3-ethernet',
  'connection.zone:work',
  '802-3-ethernet.mtu:auto',
  'ipv4.method:manual',
  'ipv4.dns:192.168.1.1,9.9.9.9',
  'ipv4.dns-search:example.org',
  'ipv4.addresses:192.168.1.20/24, 10.9.0.1/16',
  'ipv4.gateway:192.168.1.1',
  'ipv4.routes:',
  'ipv6.method:auto',
].join('\n')

describe('a bridge through NetworkManager', () => {
  it('is guarded first, activated after its files are written, and copies the IP settings', async () => {
    const facts = await factsWith(managed('NetworkManager', 'nmcli', PROFILE))
    const plan = network.plan(situationOf(facts, NEW))
    expect(plan.risk).toBe('may-lose-network')
    expect(plan.changes.map(({ change }) => change.kind)).toEqual([
      'guard-network',
      'write-file',
      'write-file',
      'switch-network',
    ])
    const text = textsOf(facts)[OWN_FILES.nmBridge] ?? ''
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'mac-address=0c:c4:7a:11:22:33',
        'stp=false',
        'zone=work',
        'method=manual',
        'address1=192.168.1.20/24,192.168.1.1',
        'address2=10.9.0.1/16',
        'dns=192.168.1.1;9.9.9.9;',
        'dns-search=example.org;',
      ]),
    )
  })

  it.each([
    ['a route', 'ipv4.routes:', 'ipv4.routes:{ ip = 10.0.0.0/8, nh = 192.168.1.9 }', 'ipv4.routes'],
    ['an MTU', '802-3-ethernet.mtu:auto', '802-3-ethernet.mtu:9000', '802-3-ethernet.mtu'],
    ['a login', 'ipv4.routes:', '802-1x.eap:peap', '802.1X'],
    ['another method', 'ipv4.method:manual', 'ipv4.method:shared', 'ipv4.method'],
    ['a value that would start a section', 'connection.zone:work', 'connection.zone:[ipv4]', 'connection.zone'],
    ['another type', 'type:802-3-ethernet', 'type:vlan', 'not Ethernet'],
  ])('is refused for a profile with %s, by name', async (_what, from, to, named) => {
    const facts = await factsWith(managed('NetworkManager', 'nmcli', PROFILE.replace(from, to)))
    expect(refusal(facts)).toContain(named)
  })
})

describe('a bridge through systemd-networkd', () => {
  const FILE = '[Match]\nName=enp0s25\n\n[Link]\nMTUBytes=9000\n\n[Network]\nDHCP=yes\n[Route]\nGateway=192.168.1.9\n'

  it('copies everything of the old file but its match', async () => {
    const texts = textsOf(await factsWith(managed('systemd-networkd', '/etc/systemd/network/20-lan.network', FILE)))
    expect(texts[OWN_FILES.networkdBridge]).toContain(
      '[Match]\nName=br-vm\n\n[Link]\nMTUBytes=9000\n\n[Network]\nDHCP=yes\n\n[Route]\nGateway=192.168.1.9\n',
    )
    expect(texts[OWN_FILES.networkdPort]).toContain('[Match]\nName=enp0s25\n\n[Network]\nBridge=br-vm\n')
    expect(texts[OWN_FILES.networkdNetdev]).toContain('Kind=bridge\nMACAddress=0c:c4:7a:11:22:33\n')
  })

  it('says of netplan how the bridge is built beside it', async () => {
    const { manager } = managed('systemd-networkd', '/run/systemd/network/10-netplan-enp0s25.network', FILE)
    const facts = await factsWith({ manager: { ...(manager as UplinkManager), netplan: true } })
    expect(textsOf(facts)[OWN_FILES.networkdPort]).toContain('Bridge=br-vm')
    expect(network.check(situationOf(facts, NEW))).toContainEqual(
      expect.objectContaining({ code: 'network-netplan', status: 'pass' }),
    )
  })

  it('is refused where the file comes first, has drop-ins, or carries a VLAN', async () => {
    const first = await factsWith(managed('systemd-networkd', '/etc/systemd/network/00-a.network', FILE))
    expect(refusal(first)).toContain('comes before any file of ours')
    const completed = await factsWith(managed('systemd-networkd', '/x/20-lan.network', `${FILE}[DropIns]\n`))
    expect(refusal(completed)).toContain('drop-in')
    const stacked = FILE.replace('DHCP=yes', 'VLAN=vlan7')
    expect(refusal(await factsWith(managed('systemd-networkd', '/x/20-lan.network', stacked)))).toContain('VLAN=vlan7')
  })
})

describe('a bridge through ifupdown', () => {
  const TEXT = 'source /etc/network/interfaces.d/*\nauto enp0s25\niface enp0s25 inet dhcp\n'
  const files = { [OWN_FILES.interfaces]: { text: TEXT, sha256: 'of before' } }
  const here = managed('ifupdown', OWN_FILES.interfaces, TEXT)

  it('makes the uplink manual in place and the bridge in a file of its own, in that safe order', async () => {
    const facts = await factsWith({ ...here, bridgeUtils: true }, files)
    expect(Object.entries(textsOf(facts))).toEqual([
      [
        OWN_FILES.interfacesBridge,
        expect.stringContaining(
          'auto br-vm\niface br-vm inet dhcp\n    bridge_ports enp0s25\n    bridge_stp off\n    bridge_fd 0\n    bridge_hw 0c:c4:7a:11:22:33\n',
        ),
      ],
      [OWN_FILES.interfaces, TEXT.replace('dhcp', 'manual')],
    ])
    const edit = network
      .plan(situationOf(facts, NEW))
      .changes.find(({ change }) => change.kind === 'write-file' && change.path === OWN_FILES.interfaces)
    expect(edit?.change).toMatchObject({ expected: 'of before' })
  })

  it('is made for a default route of IPv6, where a stanza says where that comes from', async () => {
    const six = TEXT.replace('inet dhcp', 'inet6 auto')
    const only = { ...managed('ifupdown', OWN_FILES.interfaces, six), bridgeUtils: true }
    const route = { defaultRoute: { link: 'enp0s25', ip: 'IPv6' as const } }
    const facts = await factsWith({ ...only, ...route }, { [OWN_FILES.interfaces]: { text: six, sha256: '' } })
    const plan = network.plan(situationOf(facts, NEW))
    expect(plan.changes[0]?.change).toMatchObject({ kind: 'guard-network', ip: 'IPv6' })
    expect(plan.changes.at(-1)?.change).toMatchObject({ kind: 'switch-network', ip: 'IPv6' })
    expect(textsOf(facts)[OWN_FILES.interfacesBridge]).toContain('iface br-vm inet6 auto\n    bridge_ports enp0s25\n')
    const four = { defaultRoute: { link: 'enp0s25', ip: 'IPv4' as const } }
    expect(refusal(await factsWith({ ...only, ...four }))).toContain('one of IPv4')
  })

  it('is refused without bridge-utils, or where files of ours are not read', async () => {
    expect(refusal(await factsWith(here, files))).toContain('bridge-utils')
    const deaf = { [OWN_FILES.interfaces]: { text: TEXT.replace(/^source.*\n/u, ''), sha256: '' } }
    expect(refusal(await factsWith({ ...here, bridgeUtils: true }, deaf))).toContain('interfaces.d')
  })
})

describe('step 7 without a bridge', () => {
  it('says why: Wi-Fi, a VLAN, a port, no route, no systemd, or no manager', async () => {
    const { links } = (await factsWith({})).network
    const as = (part: Partial<NetworkLink>) => ({
      links: links.map((found) => (found.name === 'enp0s25' ? { ...found, ...part } : found)),
    })
    expect(refusal(await factsWith(as({ kind: 'wireless' })))).toContain('Wi-Fi card cannot be a bridge port')
    expect(refusal(await factsWith(as({ kind: 'vlan' })))).toContain('vlan')
    expect(refusal(await factsWith(as({ master: 'br9' })))).toContain('port of br9')
    expect(refusal(await factsWith({ uplink: null, defaultRoute: null }))).toContain('no default route')
    expect(refusal(await factsWith({ systemd: false }))).toContain('systemd')
    expect(refusal(await factsWith({ manager: null }))).toContain('none of the tools')
  })

  it('does not take an unreadable manager for none', async () => {
    const facts = await factsWith({ manager: { unknown: 'nmcli is not installed' } })
    expect(refusal(facts, 'unknown')).toContain('cannot be told')
    expect(
      verdictOf(
        network.check(situationOf(facts, NEW)),
        network.verify(situationOf(facts, NEW)),
        network.plan(situationOf(facts, NEW)),
      ).status,
    ).not.toBe('ok')
  })

  it('accepts the private network all the same', async () => {
    const facts = await factsWith({ manager: { unknown: '' }, systemd: false })
    const found = [...network.check(situation(facts)), ...network.verify(situation(facts))]
    expect(found.every((finding) => finding.status === 'pass')).toBe(true)
  })
})

describe('an existing bridge', () => {
  const JOIN = choosing({ network: { mode: 'bridge' } })
  const vmbr0 = link({ name: 'vmbr0', kind: 'bridge' })
  const docker0 = link({ name: 'docker0', kind: 'bridge' })

  it('is joined by a tap that the VM’s start makes, and done before that', async () => {
    const facts = await factsWith({ links: [vmbr0, docker0] })
    expect(network.plan(situationOf(facts, JOIN)).changes).toEqual([])
    expect(network.verify(situationOf(facts, JOIN)).map((finding) => finding.status)).toEqual(['pass', 'pass'])
    expect(situationOf(facts, JOIN).definition?.network).toMatchObject({ tap: 'tap-designer', bridge: 'vmbr0' })
    const tap = link({ name: 'tap-designer', kind: 'tap', tapOwner: 1000, master: 'vmbr0' })
    const done = await factsWith({ links: [vmbr0, tap] })
    expect(network.plan(situationOf(done, JOIN)).changes).toEqual([])
    expect(network.verify(situationOf(done, JOIN)).map((finding) => finding.status)).toEqual(['pass', 'pass'])
  })

  it('is asked for when two fit, and is never Docker’s private one', async () => {
    const two = await factsWith({ links: [vmbr0, link({ name: 'vmbr1', kind: 'bridge' })] })
    expect(network.check(situationOf(two, JOIN))[1]).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('several') as string,
    })
    const none = await factsWith({ links: [docker0] })
    expect(network.check(situationOf(none, JOIN))[1]).toMatchObject({
      status: 'fail',
      text: expect.stringContaining('no bridge') as string,
    })
  })

  it('warns of a firewall that sees bridged frames, and names Docker', async () => {
    const facts = await factsWith({ links: [vmbr0], bridgeNetfilter: true, docker: true })
    const found = network.check(situationOf(facts, JOIN)).find((finding) => finding.code === 'network-docker')
    expect(found).toMatchObject({ status: 'warn', text: expect.stringContaining('Docker') as string })
  })

  it('is not replaced by a foreign link with the tap’s name', async () => {
    const foreign = link({ name: 'tap-designer', kind: 'tap', tapOwner: 1001, master: 'vmbr0' })
    const facts = await factsWith({ links: [vmbr0, foreign] })
    expect(network.verify(situationOf(facts, JOIN))[1]).toMatchObject({ status: 'fail' })
    expect(network.plan(situationOf(facts, JOIN)).changes).toEqual([])
  })
})
