import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Topology, TopologyNode } from '#shared/ipc/topology.ts'
import { neighbour } from './keys.ts'
import { layoutOf } from './layout.ts'
import type { Box, Placed } from './measures.ts'
import { folded, foldsIn, treeOf } from './tree.ts'

const NONE: ReadonlySet<string> = new Set()

const hex = (value: number) => value.toString(16).padStart(2, '0')

/** Any function below any other, also below itself or in a circle, as damaged facts could have it. */
const anyTopology: fc.Arbitrary<Topology> = fc
  .array(
    fc.record({
      parent: fc.option(fc.nat(90), { nil: null }),
      bus: fc.nat(2),
      port: fc.boolean(),
      group: fc.option(fc.nat(12), { nil: null }),
      mark: fc.constantFrom(...[null, null, null, null, null, 'card' as const, 'blocker' as const]),
      graphics: fc.constantFrom(false, false, false, false, false, true),
    }),
    { maxLength: 90 },
  )
  .map((rows) => {
    const at = (index: number) => `0000:${hex(index)}:00.0`
    const nodes = rows.map((row, index): TopologyNode => ({
      address: at(index),
      parent: row.parent === null ? null : at(row.parent),
      root: `0000:${hex(row.bus)}`,
      shape: row.port ? 'port' : 'chip',
      ...{ kind: 'audio device', name: 'a name', driver: null, group: row.group, graphics: row.graphics },
      mark: row.mark === null ? null : { kind: row.mark, text: 'why' },
    }))
    const roots = [0, 1, 2].map((bus) => ({ bus: `0000:${hex(bus)}`, known: bus === 0 }))
    return { about: '', gaps: [], roots, nodes }
  })

function drawnAddresses(placed: readonly Placed[]): string[] {
  return placed.flatMap(({ item }) =>
    item.kind === 'fold' ? item.functions.map((node) => node.address) : [item.node.address],
  )
}

/** Everything an item covers, its note included. */
function extent({ box, note }: Placed): Box {
  return note === null ? box : { ...box, width: note.x + note.width - box.x }
}

function overlap(one: Box, other: Box): boolean {
  const apart =
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y
  return !apart
}

function overlaps(placed: readonly Placed[]): string[] {
  return placed.flatMap((one, index) =>
    placed.slice(index + 1).flatMap((other) => (overlap(extent(one), extent(other)) ? [`${one.id} ${other.id}`] : [])),
  )
}

describe('the layout of any hierarchy', () => {
  it('draws every function exactly once, folded up or not', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const all = topology.nodes.map((node) => node.address).sort()
        const whole = treeOf(topology)
        expect(drawnAddresses(layoutOf(whole).placed).sort()).toEqual(all)
        expect(drawnAddresses(layoutOf(folded(whole, NONE)).placed).sort()).toEqual(all)
      }),
    )
  })

  it('lets no box lie on another, and none outside the picture', () => {
    fc.assert(
      fc.property(anyTopology, fc.boolean(), (topology, fold) => {
        const whole = treeOf(topology)
        const { placed, width, height } = layoutOf(fold ? folded(whole, NONE) : whole)
        expect(overlaps(placed)).toEqual([])
        const outside = placed
          .map(extent)
          .filter(({ x, y, ...box }) => x < 0 || y < 0 || x + box.width > width || y + box.height > height)
        expect(outside).toEqual([])
      }),
    )
  })

  it('gives every function of a group an area of that group', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const { placed, areas } = layoutOf(treeOf(topology))
        for (const { item, box } of placed) {
          const group = item.kind === 'function' ? item.node.group : null
          const around = areas.filter((area) => area.group === group && overlap(area, box))
          expect(around).toHaveLength(group === null ? 0 : 1)
        }
      }),
    )
  })

  it('keeps the area of a wide sibling off what hangs on a narrow one', () => {
    const node = (address: string, parent: string | null, shape: 'port' | 'chip'): TopologyNode => ({
      ...{ address, parent, shape, root: '0000:00', group: 5, graphics: false, mark: null },
      ...{ kind: 'bridge', name: 'a name', driver: null },
    })
    const nodes = [
      node('0000:00:01.0', null, 'port'),
      node('0000:01:00.0', '0000:00:01.0', 'chip'),
      node('0000:00:02.0', null, 'chip'),
    ]
    const { areas } = layoutOf(treeOf({ about: '', gaps: [], roots: [{ bus: '0000:00', known: true }], nodes }))
    expect(areas).toHaveLength(3)
    expect(areas.filter((area, index) => areas.slice(index + 1).some((other) => overlap(area, other)))).toEqual([])
  })

  it('never folds a marked function or a graphics card, and opens what is asked for', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const whole = treeOf(topology)
        const shut = folded(whole, NONE)
        const hidden = layoutOf(shut).placed.flatMap(({ item }) => (item.kind === 'fold' ? item.functions : []))
        expect(hidden.filter((node) => node.mark !== null || node.graphics)).toEqual([])
        expect(foldsIn(folded(whole, new Set(foldsIn(shut))))).toEqual([])
      }),
    )
  })

  it('lets the arrow keys reach every item', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const { placed } = layoutOf(treeOf(topology))
        const reached = new Set<string>()
        const open = placed.slice(0, 1).map((one) => one.id)
        for (let id = open.pop(); id !== undefined; id = open.pop()) {
          if (reached.has(id)) continue
          reached.add(id)
          const here = id
          open.push(...['ArrowRight', 'ArrowDown'].flatMap((key) => neighbour(placed, here, key) ?? []))
        }
        expect([...reached].sort()).toEqual(placed.map((one) => one.id).sort())
      }),
    )
  })

  it('leads back to the former item with the opposite arrow', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const { placed } = layoutOf(treeOf(topology))
        for (const { id, parent } of placed) {
          const child = neighbour(placed, id, 'ArrowRight')
          if (child !== null) expect(neighbour(placed, child, 'ArrowLeft')).toBe(id)
          expect(neighbour(placed, id, 'ArrowLeft')).toBe(parent)
        }
      }),
    )
  })
})
