import { listText, parseList } from '#shared/base/number-list.ts'
import { type Core, idsOf } from './cores.ts'

/** Cores that the admin named by their processors, each with the threads that were named. */
interface Listed {
  cores: readonly Core[]
  /** Why a VM cannot have them; null: it can. */
  problem: string | null
}

/** Finds the cores of a list such as `2-7,10-15`. */
export function listedCores(text: string, all: readonly Core[]): Listed {
  const listed = new Set(parseList(text))
  const cores = all.map((core) => core.filter(({ id }) => listed.has(id))).filter((core) => core.length > 0)
  return { cores, problem: problemWith(listed, cores, all) }
}

function problemWith(listed: ReadonlySet<number>, cores: readonly Core[], all: readonly Core[]): string | null {
  if (all.length === 0) return 'Which processors this host has is not known.'
  const absent = [...listed].filter((id) => !idsOf(all).includes(id))
  if (absent.length > 0) return `This host has no processor ${listText(absent)}, or it is switched off.`
  return cores.length === all.length ? 'One core has to stay with the host.' : null
}
