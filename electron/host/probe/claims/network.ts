import type { Reader } from '#shared/base/system.ts'
import type { Claim } from '#shared/facts/facts.ts'
import type { DefaultRoute, IpVersion } from '#shared/facts/network.ts'
import { beforeRecorded, listOrEmpty } from '../listed.ts'
import { sessionLinks } from './ssh-links.ts'

const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu
const DEVICES = '/sys/bus/pci/devices'
const LINKS = '/sys/class/net'

/** Links the host's own traffic goes through, and what for. */
export async function linkUses(reader: Reader): Promise<Map<string, string>> {
  const uses = new Map<string, string>()
  const table = await routes(reader)
  for (const name of await sessionLinks(reader, table)) uses.set(name, `an SSH session comes in through ${name}`)
  for (const name of await defaultRoutes(reader, table)) uses.set(name, `the default route goes through ${name}`)
  return uses
}

/** Returns network cards that the host's traffic goes through, and those it has set up for something else. */
export async function networkClaims(reader: Reader): Promise<Claim[]> {
  const needed = await trafficClaims(reader)
  const known = new Set(needed.filter(({ certain }) => certain).map(({ address }) => address))
  return [...needed, ...(await setUpClaims(reader)).filter(({ address }) => !known.has(address))]
}

async function trafficClaims(reader: Reader): Promise<Claim[]> {
  const claims: Claim[] = []
  for (const [name, detail] of await linkUses(reader)) {
    const cards = await cardsOf(reader, name, 0)
    if (cards.length === 0)
      claims.push(...(await doubts(reader, `${detail}, and which card carries it cannot be told`)))
    claims.push(...cards.map((address) => ({ address, kind: 'network' as const, detail, certain: true, stop: null })))
  }
  return claims
}

/** Cards whose links are ports of a bridge or a bond, or have an address: the host can do without, but not unasked. */
async function setUpClaims(reader: Reader): Promise<Claim[]> {
  const addressed = await linksWithAddress(reader)
  const looks = (await listOrEmpty(reader, LINKS)).map(async (name): Promise<Claim[]> => {
    const path = await reader.link(`${LINKS}/${name}`)
    const address = path.kind === 'target' ? path.target.match(ADDRESS)?.at(-1) : undefined
    if (address === undefined) return []
    const above = await beforeRecorded(() => listOrEmpty(reader, `${LINKS}/${name}`), [])
    const upper = above.find((entry) => entry.startsWith('upper_'))?.slice('upper_'.length)
    const how = upper === undefined ? (addressed.has(name) ? own(name) : null) : portOf(name, upper)
    return how === null ? [] : [{ address, kind: 'network', certain: true, ...how }]
  })
  return (await Promise.all(looks)).flat()
}

function portOf(name: string, upper: string): Pick<Claim, 'detail' | 'stop'> {
  return { detail: `${name} is a part of ${upper}`, stop: `Take ${name} out of ${upper} first.` }
}

function own(name: string): Pick<Claim, 'detail' | 'stop'> {
  return { detail: `${name} has an address of the host`, stop: `Take ${name} out of the network configuration first.` }
}

/** An address brings a route with it. In /proc/net/ipv6_route fe80 and ff begin what every link has that is up. */
async function linksWithAddress(reader: Reader): Promise<Set<string>> {
  const four = (await routes(reader)).map((row) => row[0] ?? '')
  const six = (await routes6(reader)).filter((row) => !/^(fe80|ff|0{32})/u.test(row[0] ?? ''))
  return new Set([...four, ...six.map((row) => row.at(-1) ?? '')])
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
      claims.push({ address, kind: 'network', detail, certain: false, stop: null })
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

/** The host's own default route: that of IPv4, and where there is none, that of IPv6. */
export async function defaultRoute(reader: Reader): Promise<DefaultRoute | null> {
  for (const ip of ['IPv4', 'IPv6'] as const) {
    const link = await defaultLink(reader, ip)
    if (link !== null) return { link, ip }
  }
  return null
}

/** Interface of the default route of one version of IP. The kernel lists several by their metrics, the least first. */
export async function defaultLink(reader: Reader, ip: IpVersion): Promise<string | null> {
  return (ip === 'IPv4' ? defaultLinks4(await routes(reader)) : defaultLinks6(await routes6(reader)))[0] ?? null
}

/** Interfaces of all default routes. */
async function defaultRoutes(reader: Reader, ipv4: readonly string[][]): Promise<Set<string>> {
  return new Set([...defaultLinks4(ipv4), ...defaultLinks6(await routes6(reader))])
}

/** Destination and mask are zero in /proc/net/route. */
function defaultLinks4(rows: readonly string[][]): string[] {
  return named(rows.filter((row) => row[1] === '00000000' && row[7] === '00000000').map((row) => row[0]))
}

/** In /proc/net/ipv6_route a row ends in the interface. */
function defaultLinks6(rows: readonly string[][]): string[] {
  return named(rows.filter((row) => /^0{32}$/u.test(row[0] ?? '') && row[1] === '00').map((row) => row.at(-1)))
}

/** `lo` refuses traffic. */
function named(links: readonly (string | undefined)[]): string[] {
  return links.flatMap((name) => (name === undefined || name === '' || name === 'lo' ? [] : [name]))
}

async function routes6(reader: Reader): Promise<string[][]> {
  const table = await reader.read('/proc/net/ipv6_route')
  return table.kind === 'text' ? table.text.split('\n').map((row) => row.trim().split(/\s+/u)) : []
}
