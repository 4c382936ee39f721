import { unknownBecause } from '#shared/base/unknown.ts'
import type { Facts, LogicalCpu } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { listOrEmpty } from '../probe/listed.ts'
import { readWord } from '../read.ts'

const CPUS = '/sys/devices/system/cpu'

/** Gathers which logical processors share a core, a last-level cache and a NUMA node. */
export async function gatherTopology(host: Host): Promise<Facts['topology']> {
  const names = (await listOrEmpty(host, CPUS)).filter((name) => /^cpu\d+$/u.test(name))
  const cpus = (await Promise.all(names.map((name) => readCpu(host, name)))).filter((cpu) => cpu !== null)
  if (cpus.length === 0) return unknownBecause(`${CPUS}/cpu*/topology cannot be read`)
  return cpus.sort((one, other) => one.id - other.id)
}

/** Null: offline, then the kernel shows no topology. */
async function readCpu(host: Host, name: string): Promise<LogicalCpu | null> {
  const at = `${CPUS}/${name}`
  const [core, cache, entries] = await Promise.all([
    readWord(host, `${at}/topology/thread_siblings_list`),
    readWord(host, `${at}/cache/index3/shared_cpu_list`),
    listOrEmpty(host, at),
  ])
  if (core === null) return null
  const node = entries.map((entry) => /^node(\d+)$/u.exec(entry)?.[1]).find((found) => found !== undefined)
  return { id: Number(name.slice(3)), core, cache, node: node === undefined ? null : Number(node) }
}
