import type { TopologyRoot } from '#shared/ipc/topology.ts'
import { type Area, areasOf, type Strip, stripsOf } from './areas.ts'
import {
  type Box,
  BOX_HEIGHT,
  CHIP_WIDTH,
  NOTE_CHARACTER,
  NOTE_MARK,
  NOTE_WORDS,
  type Placed,
  PORT_WIDTH,
  ROW,
} from './measures.ts'
import type { Branch, Item, RootTree } from './tree.ts'
import { twoLines } from './words.ts'

/** Between a box and what hangs on it: the vertical line runs in the middle. */
const GAP = 22
const MARGIN = 16
const ROOT_WIDTH = 104
const ROOT_GAP = 10
/** Room for the line that explains the picture. */
const FOOT = 22

export interface PlacedRoot {
  root: TopologyRoot
  x: number
  top: number
  bottom: number
}

export interface Layout {
  width: number
  height: number
  placed: readonly Placed[]
  roots: readonly PlacedRoot[]
  /** SVG path data, one path for each parent. */
  lines: readonly { from: string; path: string; known: boolean }[]
  areas: readonly Area[]
  strips: readonly Strip[]
}

/** Places every item on a row of its own, or on that of its first child; columns follow the depth. Pure. */
export function layoutOf(trees: readonly RootTree[]): Layout {
  const placed: Placed[] = []
  const roots: PlacedRoot[] = []
  const lines: Layout['lines'][number][] = []
  let y = MARGIN
  const place = (branch: Branch, at: Pick<Placed, 'parent' | 'level' | 'position' | 'siblings'>, x: number): Placed => {
    const top = y
    const width = branch.item.kind === 'function' && branch.item.node.shape === 'port' ? PORT_WIDTH : CHIP_WIDTH
    const note = noteAt(branch.item, x + width + 8)
    const own: Placed = { id: branch.item.id, item: branch.item, box: boxAt(x, top, width), note, ...at }
    placed.push(own)
    const right = note === null ? x + width : note.x + note.width
    const children = branch.children.map((child, index) => {
      const next = { parent: own.id, level: at.level + 1, position: index + 1, siblings: branch.children.length }
      return place(child, next, right + GAP)
    })
    if (children.length === 0) y = top + ROW
    else lines.push({ from: own.id, path: elbows(right, own.box, children), known: true })
    return own
  }
  for (const { root, children } of trees) {
    const top = y
    const x = MARGIN + ROOT_WIDTH
    const at = (index: number) => ({ parent: null, level: 1, position: index + 1, siblings: children.length })
    const first = children.map((child, index) => place(child, at(index), x + GAP))
    const last = first.at(-1)
    if (last === undefined) continue
    roots.push({ root, x, top: top + ROW / 2, bottom: last.box.y + BOX_HEIGHT / 2 })
    lines.push({ from: root.bus, path: branchPath(x, first), known: root.known })
    y += ROOT_GAP
  }
  const right = Math.max(MARGIN, ...placed.map(rightOf), ...roots.map((root) => root.x))
  const areas = areasOf(placed)
  return { width: right + MARGIN, height: y + MARGIN + FOOT, placed, roots, lines, areas, strips: stripsOf(placed) }
}

function rightOf({ box, note }: Placed): number {
  return note === null ? box.x + box.width : note.x + note.width
}

function noteAt(item: Item, x: number): Placed['note'] {
  if (item.kind === 'fold' || item.node.mark === null) return null
  const lines = twoLines(item.node.mark.text, NOTE_WORDS, NOTE_CHARACTER)
  return { x, width: NOTE_MARK + Math.max(...lines.map((line) => line.length)) * NOTE_CHARACTER }
}

function boxAt(x: number, top: number, width: number): Box {
  return { x, y: top + (ROW - BOX_HEIGHT) / 2, width, height: BOX_HEIGHT }
}

function middle(box: Box): number {
  return box.y + box.height / 2
}

/** Draws lines from a box to the right, down to the last child, and into each of them. */
function elbows(right: number, box: Box, children: readonly Placed[]): string {
  const bend = right + GAP / 2
  const last = children.at(-1)?.box ?? box
  return [`M${right} ${middle(box)}H${bend}V${middle(last)}`, branchPath(bend, children)].join('')
}

function branchPath(x: number, children: readonly Placed[]): string {
  return children.map(({ box }) => `M${x} ${middle(box)}H${box.x}`).join('')
}
