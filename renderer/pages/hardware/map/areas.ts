import { type Box, type Placed, ROW } from './measures.ts'
import { rootOf } from './tree.ts'

/** A coloured area: neighbours of one IOMMU group in one column. */
export interface Area extends Box {
  group: number
}

/** Joins the areas of a bridge and of what hangs on it in the same group. */
export interface Strip extends Box {
  group: number
}

const PAD = 5
const STRIP = 12

export function groupOf({ item }: Placed): number | null {
  return item.kind === 'function' ? item.node.group : null
}

/**
 * One area for each run of siblings of the same group; a group in several places has several. A run is not widened
 * beside a subtree: a wide area would lie on what hangs on a narrow port.
 */
export function areasOf(placed: readonly Placed[]): Area[] {
  const areas: Area[] = []
  const parents = new Set(placed.map((one) => one.parent))
  const lastOf = new Map<string, Run>()
  for (const one of placed) {
    const group = groupOf(one)
    const key = one.parent ?? `bus ${rootOf(one.item)}`
    const last = one.position > 1 ? lastOf.get(key) : undefined
    lastOf.delete(key)
    if (group === null) continue
    const alone: Run = { area: { group, ...around(one.box) }, bears: parents.has(one.id) }
    const joined = last === undefined ? null : join(last, alone)
    if (joined === null) areas.push(alone.area)
    lastOf.set(key, joined ?? alone)
  }
  return areas
}

/** Siblings of one group under each other, and whether something hangs on one of them. */
interface Run {
  area: Area
  bears: boolean
}

/** Returns the run, one sibling longer; null: the sibling begins a run of its own. */
function join({ area, bears }: Run, next: Run): Run | null {
  const either = bears || next.bears
  if (area.group !== next.area.group || (either && area.width !== next.area.width)) return null
  area.height = next.area.y + next.area.height - area.y
  area.width = Math.max(area.width, next.area.width)
  return { area, bears: either }
}

export function stripsOf(placed: readonly Placed[]): Strip[] {
  const byId = new Map(placed.map((one) => [one.id, one]))
  return placed.flatMap((one) => {
    const above = one.parent === null ? undefined : byId.get(one.parent)
    const group = groupOf(one)
    // Only the first child lies on the row of its bridge; the others join it.
    if (above === undefined || group === null || groupOf(above) !== group || one.box.y !== above.box.y) return []
    const x = above.box.x + above.box.width + PAD
    const y = one.box.y + one.box.height / 2 - STRIP / 2
    return [{ group, x, y, width: one.box.x - PAD - x, height: STRIP }]
  })
}

/** Rows of one run touch, with a hair between different runs. */
function around(box: Box): Box {
  const above = (ROW - box.height) / 2 - 1
  return { x: box.x - PAD, y: box.y - above, width: box.width + 2 * PAD, height: box.height + 2 * above }
}
