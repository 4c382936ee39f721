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

/** One area for each run of siblings of the same group; a group in several places has several. */
export function areasOf(placed: readonly Placed[]): Area[] {
  const areas: Area[] = []
  const lastOf = new Map<string, { area: Area; group: number | null }>()
  for (const one of placed) {
    const group = groupOf(one)
    const key = one.parent ?? `bus ${rootOf(one.item)}`
    const last = lastOf.get(key)
    if (group === null) {
      lastOf.delete(key)
      continue
    }
    const box = around(one.box)
    if (last?.group === group && one.position > 1) {
      last.area.height = box.y + box.height - last.area.y
      last.area.width = Math.max(last.area.width, box.width)
      continue
    }
    const area = { group, ...box }
    areas.push(area)
    lastOf.set(key, { area, group })
  }
  return areas
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
