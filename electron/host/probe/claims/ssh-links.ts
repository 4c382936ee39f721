import type { Reader } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { listOrEmpty } from '../listed.ts'

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const
/** A state in /proc/net/tcp: 01 is ESTABLISHED (kernel include/net/tcp_states.h). */
const ESTABLISHED = '01'
/** LISTEN, the same place. */
const LISTENING = '0A'
/** 127.0.0.1 and ::1 as both tables print them. */
const LOOPBACK = new Set(['0100007F', '00000000000000000000000001000000'])
const CONFIG = '/etc/ssh/sshd_config'

/**
 * Interfaces that established SSH sessions to this host come in through; `table`: rows of /proc/net/route.
 */
export async function sessionLinks(reader: Reader, table: readonly string[][]): Promise<Set<string>> {
  const ports = await sshPorts(reader)
  const [four, six] = [await sessions(reader, TABLES[0], ports), await sessions(reader, TABLES[1], ports)]
  const addresses = await reader.read('/proc/net/if_inet6')
  const rows = addresses.kind === 'text' ? addresses.text.split('\n').map((row) => row.trim().split(/\s+/u)) : []
  const names = [
    ...[...four, ...six.flatMap(mappedPeer)].map(({ peer }) => routeTo(table, peer)),
    ...six.map(({ local }) => rows.find((row) => row[0] === networkOrder(local))?.at(-1)),
  ]
  return new Set(names.flatMap((name) => (name === undefined || name === 'lo' ? [] : [name])))
}

/** Whether a server for SSH listens for others than this host itself. */
export async function listensForSsh(reader: Reader): Promise<OrUnknown<boolean>> {
  const ports = await sshPorts(reader)
  const tables = await Promise.all(TABLES.map((path) => reader.read(path)))
  const known = tables.flatMap((table) => (table.kind === 'text' ? [table.text] : []))
  const heard = known.flatMap((text) => connections(text, ports, LISTENING)).some(({ local }) => !LOOPBACK.has(local))
  const denied = tables.find((table) => table.kind === 'denied')
  return !heard && denied !== undefined ? unknownBecause(denied.why) : heard
}

interface Connection {
  local: string
  peer: string
}

async function sessions(reader: Reader, path: string, ports: ReadonlySet<string>): Promise<Connection[]> {
  const table = await reader.read(path)
  return table.kind === 'text' ? connections(table.text, ports, ESTABLISHED) : []
}

function connections(table: string, ports: ReadonlySet<string>, state: string): Connection[] {
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/u))
  return rows
    .filter((row) => ports.has(row[1]?.split(':')[1] ?? '') && row[3] === state)
    .map((row) => ({ local: row[1]?.split(':')[0] ?? '', peer: row[2]?.split(':')[0] ?? '' }))
}

/** A dual-stack socket shows an IPv4 peer as ::ffff:a.b.c.d; words are in host order (little-endian). */
function mappedPeer(connection: Connection): Connection[] {
  const { local, peer } = connection
  return peer.startsWith('0000000000000000FFFF0000') ? [{ local: local.slice(24), peer: peer.slice(24) }] : []
}

/** Returns the most specific route to an address. Both are hexadecimal in host order, so masks apply as they stand. */
function routeTo(table: readonly string[][], peer: string): string | undefined {
  const number = (hex: string | undefined) => BigInt(`0x${hex ?? '0'}`)
  const fitting = table.filter((row) => (number(peer) & number(row[7])) === number(row[1]))
  const bits = (mask: string | undefined) => number(mask).toString(2).replaceAll('0', '').length
  return fitting.sort((a, b) => bits(b[7]) - bits(a[7]))[0]?.[0]
}

/** `B80D0120...` as /proc/net/tcp6 prints it -> `20010db8...` as /proc/net/if_inet6 does. */
function networkOrder(hex: string): string {
  const words = hex.match(/.{8}/gu) ?? []
  return words
    .map((word) => (word.match(/../gu) ?? []).reverse().join(''))
    .join('')
    .toLowerCase()
}

/** Ports of sshd in the notation of /proc/net/tcp: 22 and what its configuration names (sshd_config(5)). */
async function sshPorts(reader: Reader): Promise<Set<string>> {
  const more = (await listOrEmpty(reader, `${CONFIG}.d`)).filter((name) => name.endsWith('.conf'))
  const files = await Promise.all(
    [CONFIG, ...more.map((name) => `${CONFIG}.d/${name}`)].map((path) => reader.read(path)),
  )
  return sshPortsIn(files.flatMap((file) => (file.kind === 'text' ? [file.text] : [])))
}

/** Ports that the texts of sshd's configuration name, and 22, in the notation of /proc/net/tcp. */
export function sshPortsIn(texts: readonly string[]): Set<string> {
  const lines = texts.flatMap((text) => text.split('\n'))
  const named = lines.map((line) => /^\s*(?:Port[\s=]+|ListenAddress[\s=].*:)(\d{1,5})\b/iu.exec(line)?.[1])
  return new Set([22, ...named.map(Number)].map((port) => port.toString(16).toUpperCase().padStart(4, '0')))
}
