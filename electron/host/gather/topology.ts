import { parseList } from '#shared/base/number-list.ts'
import { unknownBecause } from '#shared/base/unknown.ts'
import type { LogicalCpu } from '#shared/facts/compute/processors.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Host } from '../host.ts'
import { beforeRecorded, listOrEmpty } from '../probe/listed.ts'
import { readWord } from '../read.ts'

const CPUS = '/sys/devices/system/cpu'

/** Gathers which logical processors share a core, a last-level cache and a NUMA node. */
export async function gatherTopology(host: Host): Promise<Facts['topology']> {
  const names = (await listOrEmpty(host, CPUS)).filter((name) => /^cpu\d+$/u.test(name))
  const kinds = await readKinds(host)
  const cpus = (await Promise.all(names.map((name) => readCpu(host, name, kinds)))).filter((cpu) => cpu !== null)
  if (cpus.length === 0) return unknownBecause(`${CPUS}/cpu*/topology cannot be read`)
  return cpus.sort((one, other) => one.id - other.id)
}

interface Kinds {
  performance: readonly number[]
  efficiency: readonly number[]
}

/** The kernel has a performance monitoring unit for each kind of cores (tools/perf/Documentation/intel-hybrid.txt). */
async function readKinds(host: Host): Promise<Kinds> {
  const cpusOf = async (unit: string) =>
    parseList((await beforeRecorded(() => readWord(host, `/sys/devices/${unit}/cpus`), null)) ?? '')
  const [performance, efficiency] = await Promise.all([cpusOf('cpu_core'), cpusOf('cpu_atom')])
  return { performance, efficiency }
}

/** Null where all cores are alike, also where one of two kinds is switched off. */
function kindOf(id: number, { performance, efficiency }: Kinds): LogicalCpu['kind'] {
  if (performance.length === 0 || efficiency.length === 0) return null
  if (performance.includes(id)) return 'performance'
  return efficiency.includes(id) ? 'efficiency' : null
}

/** Null: offline, then the kernel shows no topology. */
async function readCpu(host: Host, name: string, kinds: Kinds): Promise<LogicalCpu | null> {
  const at = `${CPUS}/${name}`
  const [core, cache, entries] = await Promise.all([
    readWord(host, `${at}/topology/thread_siblings_list`),
    readWord(host, `${at}/cache/index3/shared_cpu_list`),
    listOrEmpty(host, at),
  ])
  if (core === null) return null
  const node = entries.map((entry) => /^node(\d+)$/u.exec(entry)?.[1]).find((found) => found !== undefined)
  const id = Number(name.slice(3))
  return { id, core, cache, node: node === undefined ? null : Number(node), kind: kindOf(id, kinds) }
}
