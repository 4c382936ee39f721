import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { GIGANTIC_PAGES, HUGE_PAGES, POOL_FILES } from '#shared/facts/compute/huge-pages.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'
import { totalMemoryMiB } from '../probe/meminfo.ts'
import { readText, readWord } from '../read.ts'

const NODES = '/sys/devices/system/node'

export async function gatherMemory(host: Host): Promise<Facts['memory']> {
  const meminfo = (await readWord(host, '/proc/meminfo')) ?? ''
  const [hugePages, gigantic, nodes] = await Promise.all([
    gatherPool(host, HUGE_PAGES),
    beforeRecorded(() => gatherPool(host, GIGANTIC_PAGES), null),
    beforeRecorded(() => gatherNodes(host), []),
  ])
  return { totalMiB: Math.floor(totalMemoryMiB(meminfo)), hugePages, gigantic, nodes }
}

/** Documentation/ABI/stable/sysfs-devices-node. */
async function gatherNodes(host: Host): Promise<Facts['memory']['nodes']> {
  const names = (await listOrEmpty(host, NODES)).filter((name) => /^node\d+$/u.test(name))
  const nodes = await Promise.all(
    names.map(async (name) => {
      const meminfo = (await readWord(host, `${NODES}/${name}/meminfo`)) ?? ''
      const kilobytes = Number(/^Node \d+ MemTotal:\s+(\d+) kB/mu.exec(meminfo)?.[1] ?? 0)
      return { id: Number(name.slice('node'.length)), totalMiB: Math.floor(kilobytes / 1024) }
    }),
  )
  return nodes.filter(({ totalMiB }) => totalMiB > 0).sort((one, other) => one.id - other.id)
}

/** Null: this kernel has none of that size (Documentation/admin-guide/mm/hugetlbpage.rst). */
async function gatherPool(host: Host, pool: string): Promise<Facts['memory']['hugePages']> {
  const texts = await Promise.all(POOL_FILES.map((name) => readText(host, `${pool}/${name}`)))
  const closed = texts.find(isUnknown)
  if (closed !== undefined) return closed
  if (texts.includes(null)) return null
  const [all = NaN, surplus = NaN, limit = NaN, free = NaN, promised = NaN] = texts.map((text) => Number(text))
  const found = { poolPages: all - surplus, limit, free: Math.max(0, free - promised) }
  return Object.values(found).every(Number.isInteger) ? found : unknownBecause(`${pool} is not as expected`)
}
