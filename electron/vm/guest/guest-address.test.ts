import { createServer } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Reader } from '#shared/base/system.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { parseInterfaces } from './addresses.ts'
import { addressOf, type HostAddress, reachable } from './guest-address.ts'
import { findGuest } from './guest-reach.ts'

const MAC = '52:54:00:a1:b2:c3'

function reader(files: Record<string, string>): Reader {
  const names = Object.keys(files)
  return {
    read: async (path) => {
      const text = files[path]
      return text === undefined ? { kind: 'absent' } : { kind: 'text', text }
    },
    list: async (path) => ({
      kind: 'names',
      names: names.filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1)),
    }),
    link: async (path) =>
      path === '/sys/class/net/tap-designer/master' ? { kind: 'target', target: '../../br-vm' } : { kind: 'absent' },
    owner: async () => null,
  }
}

const ARP = 'IP address       HW type     Flags       HW address            Mask     Device\n'
const row = (address: string, flags: string, mac: string) => `${address}  0x1  ${flags}  ${mac}  *  br-vm\n`

describe('the guest’s address among neighbours and leases', () => {
  it('is that of the neighbour with its MAC, if that ever answered', async () => {
    const text = `${ARP}${row('192.168.1.9', '0x0', MAC)}${row('192.168.1.7', '0x2', '52:54:00:00:00:01')}${row('192.168.1.8', '0x2', MAC.toUpperCase())}`
    expect(await addressOf(reader({ '/proc/net/arp': text }), MAC)).toMatchObject({
      address: '192.168.1.8',
      from: expect.stringContaining('neighbours') as string,
    })
  })

  it('is that of a lease where no neighbour has it', async () => {
    const leases = `1700000000 ${MAC} 10.42.0.5 designer *\n`
    const files = { '/proc/net/arp': ARP, '/var/lib/NetworkManager/dnsmasq-br-vm.leases': leases }
    expect(await addressOf(reader(files), MAC)).toMatchObject({
      address: '10.42.0.5',
      from: expect.stringContaining('lease') as string,
    })
  })

  it('is unknown otherwise', async () => {
    expect(await addressOf(reader({ '/proc/net/arp': `${ARP}${row('192.168.1.9', '0x0', MAC)}` }), MAC)).toBeNull()
  })
})

const HOST: readonly HostAddress[] = [
  { link: 'lo', address: '127.0.0.1', prefix: 8 },
  { link: 'lo', address: '::1', prefix: 128 },
  { link: 'eth0', address: '10.1.0.2', prefix: 16 },
  { link: 'eth0', address: 'fe80::1', prefix: 64 },
  { link: 'br-vm', address: '192.168.1.2', prefix: 24 },
  { link: 'br-vm', address: '2001:db8::2', prefix: 64 },
]

/** As the agent lists a card: with an address of each kind. */
const card = (mac: string, ...addresses: string[]) => ({
  name: 'eth0',
  'hardware-address': mac,
  'ip-addresses': addresses.map((address) => ({
    'ip-address': address,
    'ip-address-type': address.includes(':') ? 'ipv6' : 'ipv4',
    prefix: 24,
  })),
})

const pick = (...cards: unknown[]) => reachable(parseInterfaces(cards) ?? [], MAC, HOST, 'br-vm')

describe('the guest’s address from its agent', () => {
  it('is the one on the bridge’s network, IPv4 first, then on another of this host', () => {
    expect(pick(card(MAC, 'fe80::9', '2001:db8::9', '10.1.0.9', '192.168.1.9'))).toBe('192.168.1.9')
    expect(pick(card(MAC, '10.1.0.9', '2001:db8::9'))).toBe('2001:db8::9')
    expect(pick(card(MAC.toUpperCase(), '169.254.3.4', '10.1.0.9'))).toBe('10.1.0.9')
  })

  it.each([
    ['loopback', '127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'],
    ['link-local', '169.254.1.1', 'fe80::9'],
    ['this host’s own', '192.168.1.2', '10.1.0.2', '2001:db8:0:0::2', '::ffff:192.168.1.2'],
    ['on a network this host is not in', '8.8.8.8', '172.16.0.9', '2001:db8:1::9'],
    ['no address', 'localhost', '192.168.1.9/24', '192.168.1.9; id', 'fe80::9%eth0', ''],
  ])('is never one that is %s', (_what, ...addresses) => {
    expect(pick(card(MAC, ...addresses))).toBeNull()
  })

  it('is never of another network card than the VM’s', () => {
    expect(pick(card('52:54:00:00:00:01', '192.168.1.9'), { name: 'tun0' })).toBeNull()
  })

  it('is always one that was listed', () => {
    fc.assert(fc.property(fc.jsonValue(), (anything) => (parseInterfaces(anything) ?? []).length === 0))
    const many = [card(MAC, ...Array.from({ length: 1001 }, () => '192.168.1.9'))]
    expect(parseInterfaces(many)).toBeNull()
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())
    fc.assert(
      fc.property(fc.array(address), (addresses) => {
        const chosen = pick(card(MAC, ...addresses))
        return chosen === null || addresses.includes(chosen)
      }),
    )
  })
})

/** An agent that tells these cards, on a socket. */
async function agentWith(cards: unknown): Promise<string> {
  const path = join(await temporaryDirectory('agent'), 'sock')
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const id = /"guest-sync-delimited","arguments":\{"id":(\d+)/u.exec(chunk.toString('latin1'))?.[1]
      if (id !== undefined) socket.write(Buffer.from(`\u00ff{"return": ${id}}\n`, 'latin1'))
      if (chunk.includes('guest-network-get-interfaces')) socket.write(`${JSON.stringify({ return: cards })}\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  server.unref()
  return path
}

const NOBODY = '/nonexistent/agent.sock'
const bridged = { kind: 'tap', tap: 'tap-designer', vhost: false, mac: MAC } as const
const tap: Pick<VmDefinition, 'network' | 'moreNics'> = { network: bridged, moreNics: [] }
const neighbours = reader({ '/proc/net/arp': `${ARP}${row('192.168.1.8', '0x2', MAC)}` })
const alone = reader({})
const ON = { running: true, typed: null }

describe('the source of the guest’s address', () => {
  it('is the admin’s choice before agent and neighbours', async () => {
    const agent = await agentWith([card(MAC, '192.168.1.9')])
    const found = await findGuest(neighbours, tap, { ...ON, agent, typed: 'guest.example' }, HOST)
    expect(found).toEqual({ address: 'guest.example', from: 'as you typed it' })
  })

  it('is the agent before any neighbour', async () => {
    const agent = await agentWith([card(MAC, '192.168.1.9')])
    const found = await findGuest(neighbours, tap, { ...ON, agent }, HOST)
    expect(found).toEqual({ address: '192.168.1.9', from: 'as the guest’s agent says' })
  })

  it('is looked for on the first card that is on a bridge', async () => {
    const second = { number: 2, model: 'virtio', network: { ...bridged, bridge: 'br0' } } as const
    const both: typeof tap = { network: { kind: 'user', mac: '52:54:00:00:00:01' }, moreNics: [second] }
    expect(await findGuest(neighbours, both, { ...ON, agent: NOBODY }, HOST)).toMatchObject({ address: '192.168.1.8' })
  })

  it('is the neighbours where no agent answers usefully', async () => {
    const useless = await agentWith([card(MAC, '8.8.8.8')])
    const lying = await agentWith({ name: 'no list' })
    const telling = await agentWith([card(MAC, '192.168.1.9')])
    for (const [running, agent] of [
      ...([NOBODY, useless, lying] as const).map((path) => [true, path] as const),
      [false, telling] as const,
    ])
      expect(await findGuest(neighbours, tap, { ...ON, running, agent }, HOST)).toMatchObject({
        address: '192.168.1.8',
      })
  })

  it('is none otherwise, and the message says who was asked', async () => {
    const useless = await agentWith([card(MAC, '8.8.8.8')])
    const why = async (agent: string) => await findGuest(alone, tap, { ...ON, agent }, HOST)
    expect(await why(NOBODY)).toMatchObject({
      why: expect.stringContaining('no agent in the guest tells it') as string,
    })
    expect(await why(useless)).toMatchObject({
      why: expect.stringContaining('tells none on a network of this host') as string,
    })
    const off = await findGuest(alone, tap, { ...ON, running: false, agent: NOBODY }, HOST)
    expect(off).toEqual({ why: 'The VM is off, and its address is not known.' })
    const hidden = await findGuest(alone, { network: { kind: 'user' }, moreNics: [] }, { ...ON, agent: NOBODY }, HOST)
    expect(hidden).toMatchObject({ why: expect.stringContaining('private network') as string })
  })
})
