import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Reader } from '../../shared/host/system.ts'
import { addressOf, askPort } from './guest-reach.ts'

const MAC = '52:54:00:a1:b2:c3'
const LIMIT_MS = 60_000

/** A port of this machine that nobody listens on, and a server on another one. */
async function withServer<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  try {
    return await work(address.port)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('the guest’s port', () => {
  it('answers while something listens, and is refused when nothing does any more', async () => {
    const port = await withServer(async (open) => {
      expect(await askPort('127.0.0.1', open, LIMIT_MS)).toMatchObject({ state: 'answers', address: '127.0.0.1' })
      return open
    })
    expect(await askPort('127.0.0.1', port, LIMIT_MS)).toMatchObject({ state: 'refused' })
  })

  it('is unknown for a name that nobody knows', async () => {
    const { state, text } = await askPort('no-such-guest.invalid', 3389, LIMIT_MS)
    expect(state).toBe('unknown')
    expect(text).toContain('no-such-guest.invalid, TCP port 3389 cannot be asked')
  })
})

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
    link: async () => ({ kind: 'absent' }),
    owner: async () => null,
  }
}

const ARP = 'IP address       HW type     Flags       HW address            Mask     Device\n'
const row = (address: string, flags: string, mac: string) => `${address}  0x1  ${flags}  ${mac}  *  br-vm\n`

describe('the guest’s address', () => {
  it('is that of the neighbour with its MAC, if that ever answered', async () => {
    const text = `${ARP}${row('192.168.1.9', '0x0', MAC)}${row('192.168.1.7', '0x2', '52:54:00:00:00:01')}${row('192.168.1.8', '0x2', MAC.toUpperCase())}`
    expect(await addressOf(reader({ '/proc/net/arp': text }), MAC)).toBe('192.168.1.8')
  })

  it('is that of a lease where no neighbour has it', async () => {
    const leases = `1700000000 ${MAC} 10.42.0.5 designer *\n`
    const files = { '/proc/net/arp': ARP, '/var/lib/NetworkManager/dnsmasq-br-vm.leases': leases }
    expect(await addressOf(reader(files), MAC)).toBe('10.42.0.5')
  })

  it('is not known otherwise', async () => {
    expect(await addressOf(reader({ '/proc/net/arp': `${ARP}${row('192.168.1.9', '0x0', MAC)}` }), MAC)).toBeNull()
  })
})
