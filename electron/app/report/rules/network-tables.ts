import { sshPortsIn } from '#host/probe/claims/ssh-links.ts'
import type { Recording } from '#host/recorded/recording.ts'
import type { Context, Rule } from './rule.ts'
import { byLine } from './rule.ts'

/** Tables of /proc/net: only the columns that are read, addresses exchanged. */
export const NETWORK_TABLES: readonly Rule[] = [
  { paths: /^\/proc\/net\/route$/u, keep: byLine(route) },
  { paths: /^\/proc\/net\/ipv6_route$/u, keep: byLine(route6) },
  { paths: /^\/proc\/net\/tcp6?$/u, keep: sessions },
  { paths: /^\/proc\/net\/if_inet6$/u, keep: byLine(address6) },
  { paths: /^\/proc\/net\/fib_trie$/u, keep: ownAddresses },
]

const HEX8 = /^[0-9A-F]{8}$/u

function route(line: string, { hide }: Context): string | null {
  const [link = '', destination = '', gateway = '', flags = '', , , metric = '', mask = ''] = line.split('\t')
  if (link === 'Iface') return line
  if (![destination, gateway, mask].every((hex) => HEX8.test(hex))) return null
  const { addresses } = hide
  const [to, by] = [addresses.littleEndian(destination, mask), addresses.littleEndian(gateway)]
  return [hide.words(link), to, by, /^\w{4}$/u.test(flags) ? flags : '0', '0', '0', Number(metric), mask].join('\t')
}

/** Only default routes are asked for; the last column is the link. */
function route6(line: string, { hide }: Context): string | null {
  const words = line.trim().split(/\s+/u)
  const none = '0'.repeat(32)
  return words[0] === none && words[1] === '00' ? `${none} 00 ${hide.words(words.at(-1) ?? '')}` : null
}

/** Sessions of sshd, and that it listens: which links they come in through is all that is asked besides. */
function sessions(text: string, { hide, recording }: Context): string {
  const ports = sshPorts(recording)
  const rows = text.split('\n').map((row) => row.trim().split(/\s+/u))
  const mine = rows.filter((row) => ['01', '0A'].includes(row[3] ?? '') && ports.has(row[1]?.split(':')[1] ?? ''))
  const lines = mine.map(([, local = '', peer = '', state = '']) => {
    return `0: ${endpoint(local.split(':')[0] ?? '', hide)}:${local.split(':')[1] ?? ''} ${endpoint(peer.split(':')[0] ?? '', hide)}:0000 ${state}\n`
  })
  return ['sl local_address rem_address st\n', ...lines].join('')
}

const MAPPED = '0000000000000000FFFF0000'

/** Returns an address as /proc/net/tcp and tcp6 write it: words of 32 bits in this host's byte order. */
function endpoint(hex: string, hide: Context['hide']): string {
  if (HEX8.test(hex)) return hide.addresses.littleEndian(hex)
  if (hex.startsWith(MAPPED)) return `${MAPPED}${hide.addresses.littleEndian(hex.slice(24))}`
  return turned(hidden6(turned(hex), hide)).toUpperCase()
}

function turned(hex: string): string {
  return (hex.match(/.{8}/gu) ?? []).map((word) => (word.match(/../gu) ?? []).reverse().join('')).join('')
}

/** 32 digits in network order. Loopback and none stay. */
function hidden6(hex: string, { placeholders }: Context['hide']): string {
  if (/^0{31}[01]$/u.test(hex)) return hex
  return placeholders.as('ip6Table', hex, (count) => `20010db8${count.toString(16).padStart(24, '0')}`)
}

function address6(line: string, { hide }: Context): string | null {
  const words = line.trim().split(/\s+/u)
  const address = words[0] ?? ''
  if (!/^[0-9a-f]{32}$/u.test(address)) return null
  return `${hidden6(address, hide)} 00 00 00 00 ${hide.words(words.at(-1) ?? '')}`
}

/** `|-- ADDRESS` with `/32 host LOCAL` below it: the addresses of this host. */
function ownAddresses(text: string, { hide }: Context): string {
  const own = [...text.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n\s+\/32 host LOCAL/gu)].map((match) => match[1] ?? '')
  return own.map((address) => `|-- ${hide.words(address)}\n   /32 host LOCAL\n`).join('')
}

function sshPorts({ files }: Recording): ReadonlySet<string> {
  const texts = Object.entries(files).flatMap(([path, text]) =>
    path.startsWith('/etc/ssh/') && typeof text === 'string' ? [text] : [],
  )
  return sshPortsIn(texts)
}
