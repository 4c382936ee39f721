import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import type { Claim } from '#shared/facts/facts.ts'
import { keyboardClaims } from './keyboard-claims.ts'
import { listOrEmpty } from './listed.ts'
import { findMounts, type HostMounts } from './mounts.ts'
import { sessionLinks } from './ssh-links.ts'
import { storageClaims } from './storage-claims.ts'

const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu
const DEVICES = '/sys/bus/pci/devices'

/**
 * PCI functions the host cannot do without: controllers of mounted filesystems and swap, the network cards under
 * the default routes and under SSH sessions (through bridges, bonds and VLANs), and that of the only keyboard.
 * Read by the app for its verdicts and again by the helper before it unbinds anything.
 */
export async function findClaims(
  reader: Reader,
  looked: Promise<OrUnknown<HostMounts>> = findMounts(reader),
): Promise<OrUnknown<Claim[]>> {
  const mounts = await looked
  if (isUnknown(mounts)) return mounts
  const found = await Promise.all([storageClaims(reader, mounts), networkClaims(reader), keyboardClaims(reader)])
  return found.flat()
}

/** Links the host's own traffic goes through, and what for. */
export async function linkUses(reader: Reader): Promise<Map<string, string>> {
  const uses = new Map<string, string>()
  const table = await routes(reader)
  for (const name of await sessionLinks(reader, table)) uses.set(name, `an SSH session comes in through ${name}`)
  for (const name of await defaultRoutes(reader, table)) uses.set(name, `the default route goes through ${name}`)
  return uses
}

async function networkClaims(reader: Reader): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const [name, detail] of await linkUses(reader)) {
    const cards = await cardsOf(reader, name, 0)
    if (cards.length === 0)
      claims.push(...(await doubts(reader, `${detail}, and which card carries it cannot be told`)))
    claims.push(...cards.map((address) => ({ address, kind: 'network' as const, detail, certain: true })))
  }
  return claims
}

async function cardsOf(reader: Reader, name: string, depth: number): Promise<string[]> {
  const path = await reader.link(`/sys/class/net/${name}`)
  if (path.kind !== 'target' || depth > 8) return []
  const direct = path.target.match(ADDRESS)?.at(-1)
  if (direct !== undefined) return [direct]
  const lower = (await listOrEmpty(reader, `/sys/class/net/${name}`)).filter((entry) => entry.startsWith('lower_'))
  const below = await Promise.all(lower.map((entry) => cardsOf(reader, entry.slice('lower_'.length), depth + 1)))
  return below.flat()
}

/** A tunnel or an unknown switch carries the traffic: any network card may be the one below it. */
async function doubts(reader: Reader, detail: string): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const address of await listOrEmpty(reader, DEVICES)) {
    const classId = await reader.read(`${DEVICES}/${address}/class`)
    if (classId.kind === 'text' && classId.text.startsWith('0x02'))
      claims.push({ address, kind: 'network', detail, certain: false })
  }
  return claims
}

async function routes(reader: Reader): Promise<string[][]> {
  const table = await reader.read('/proc/net/route')
  if (table.kind !== 'text') return []
  return table.text
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t'))
    .filter((row) => row.length > 7)
}

/** Interface of the IPv4 default route: destination and mask are zero in /proc/net/route. */
export async function defaultRoute(reader: Reader): Promise<string | null> {
  const rows = await routes(reader)
  return rows.find((row) => row[1] === '00000000' && row[7] === '00000000')?.[0] ?? null
}

/** Interfaces of all default routes. In /proc/net/ipv6_route a row ends in the interface; `lo` refuses traffic. */
async function defaultRoutes(reader: Reader, ipv4: readonly string[][]): Promise<Set<string>> {
  const four = ipv4.filter((row) => row[1] === '00000000' && row[7] === '00000000')
  const table = await reader.read('/proc/net/ipv6_route')
  const rows = table.kind === 'text' ? table.text.split('\n').map((row) => row.trim().split(/\s+/u)) : []
  const six = rows.filter((row) => /^0{32}$/u.test(row[0] ?? '') && row[1] === '00')
  const names = [...four.map((row) => row[0] ?? ''), ...six.map((row) => row.at(-1) ?? '')]
  return new Set(names.filter((name) => name !== '' && name !== 'lo'))
}
