import { z } from 'zod'
import { jsonOrNull } from '#shared/base/json.ts'

export type AddressesByLink = Readonly<Record<string, string[]>>

const ipOutput = z.array(
  z.looseObject({
    ifname: z.string(),
    addr_info: z.array(z.looseObject({ local: z.string().optional(), prefixlen: z.number().int() })),
  }),
)

/** `ip -j address` (iproute2 since 4.13) as CIDR addresses by link; null for anything else. */
export function parseIpAddresses(text: string): AddressesByLink | null {
  const parsed = ipOutput.safeParse(jsonOrNull(text))
  if (!parsed.success) return null
  return Object.fromEntries(
    parsed.data.map((link) => [
      link.ifname,
      link.addr_info.flatMap(({ local, prefixlen }) => (local === undefined ? [] : [`${local}/${prefixlen}`])),
    ]),
  )
}

interface Subnet {
  link: string
  network: number
  mask: number
}

/**
 * IPv4 addresses by link without iproute2: /proc/net/fib_trie names the host's own addresses (`/32 host LOCAL`),
 * /proc/net/route the subnets of each link, both in the kernel's byte order there (Documentation: proc(5)).
 */
export function parseFibTrie(trie: string, routes: string): AddressesByLink {
  const own = new Set(
    [...trie.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n\s+\/32 host LOCAL/gu)].map((match) => match[1] ?? ''),
  )
  const byLink: Record<string, string[]> = {}
  for (const { link, network, mask } of subnets(routes)) {
    const inside = [...own].filter((address) => (numeric(address) & mask) >>> 0 === network)
    const cidr = inside.map((address) => `${address}/${ones(mask)}`)
    byLink[link] = [...(byLink[link] ?? []), ...cidr]
  }
  return byLink
}

/** Rows of /proc/net/route without a gateway; its addresses are little-endian hexadecimal. */
function subnets(routes: string): Subnet[] {
  return routes.split('\n').flatMap((row) => {
    const [link = '', destination = '', gateway = '', , , , , mask = ''] = row.split('\t')
    const value = fromLittleEndian(mask)
    return gateway === '00000000' && value !== 0 ? [{ link, network: fromLittleEndian(destination), mask: value }] : []
  })
}

function fromLittleEndian(hex: string): number {
  const bytes = hex.match(/../gu) ?? []
  return bytes.length === 4 ? Number.parseInt(bytes.reverse().join(''), 16) : 0
}

function numeric(address: string): number {
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0)
}

function ones(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length
}

/** `0101A8C0` of /proc/net/route -> `192.168.1.1`. */
export function dottedAddress(hex: string): string {
  const value = fromLittleEndian(hex)
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
}
