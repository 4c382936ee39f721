import type { Claim } from './facts.ts'
import { listOrEmpty } from './listed.ts'
import type { Reader } from './system.ts'
import { type OrUnknown, unknownBecause } from './unknown.ts'

const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu

/**
 * PCI functions the host cannot do without: controllers of mounted filesystems and swap (through dm and md),
 * and the network cards under the default route (through bridges, bonds and VLANs).
 * Read by the app for its verdicts and again by the helper before it unbinds anything.
 */
export async function findClaims(reader: Reader): Promise<OrUnknown<Claim[]>> {
  const mounts = await reader.read('/proc/self/mounts')
  if (mounts.kind !== 'text') return unknownBecause('/proc/self/mounts cannot be read')
  const storage = await storageClaims(reader, mounts.text)
  const network = await networkClaims(reader)
  return [...storage, ...network]
}

async function storageClaims(reader: Reader, mounts: string): Promise<Claim[]> {
  const swaps = await reader.read('/proc/swaps')
  const swapRows = swaps.kind === 'text' ? swaps.text.split('\n').slice(1) : []
  const used = [
    ...mounts
      .split('\n')
      .map((row) => row.split(' '))
      .map(([source = '', target = '']) => ({ source, what: `${target} is mounted from it` })),
    ...swapRows.map((row) => ({ source: row.split(/\s+/u)[0] ?? '', what: 'it holds swap' })),
  ]
  const claims: Claim[] = []
  for (const { source, what } of used) {
    if (!source.startsWith('/dev/')) continue
    for (const address of await controllersOf(reader, await blockName(reader, source), 0)) {
      claims.push({ address, kind: 'storage', detail: `${what} (${source})` })
    }
  }
  return claims
}

/** `/dev/sda1` -> `sda1`; `/dev/mapper/x` -> the `dm-N` whose name is x. */
async function blockName(reader: Reader, source: string): Promise<string> {
  if (!source.startsWith('/dev/mapper/')) return source.slice('/dev/'.length).replaceAll('/', '!')
  const wanted = source.slice('/dev/mapper/'.length)
  for (const name of await listOrEmpty(reader, '/sys/class/block')) {
    if (!name.startsWith('dm-')) continue
    const label = await reader.read(`/sys/class/block/${name}/dm/name`)
    if (label.kind === 'text' && label.text.trim() === wanted) return name
  }
  return wanted
}

/** Controllers under a block device; dm and md name their parts in `slaves`. Depth-limited against loops. */
async function controllersOf(reader: Reader, block: string, depth: number): Promise<string[]> {
  const path = await reader.link(`/sys/class/block/${block}`)
  if (path.kind !== 'target' || depth > 8) return []
  const direct = path.target.match(ADDRESS)?.at(-1)
  if (direct !== undefined) return [direct]
  const parts = await listOrEmpty(reader, `/sys/class/block/${block}/slaves`)
  const below = await Promise.all(parts.map((part) => controllersOf(reader, part, depth + 1)))
  return below.flat()
}

async function networkClaims(reader: Reader): Promise<Claim[]> {
  const route = await defaultRoute(reader)
  if (route === null) return []
  const cards = await cardsOf(reader, route, 0)
  return cards.map((address) => ({
    address,
    kind: 'network' as const,
    detail: `the default route goes through ${route}`,
  }))
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

/** Interface of the IPv4 default route: destination and mask are zero in /proc/net/route. */
export async function defaultRoute(reader: Reader): Promise<string | null> {
  const table = await reader.read('/proc/net/route')
  if (table.kind !== 'text') return null
  const rows = table.text.split('\n').map((row) => row.split('\t'))
  return rows.find((row) => row[1] === '00000000' && row[7] === '00000000')?.[0] ?? null
}
