import { plural } from '#shared/base/text.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { TopologyNode } from '#shared/ipc/topology.ts'
import type { Item } from './tree.ts'

/** Cuts a text to what fits, by the average width of a character: nothing is measured, so a picture is reproducible. */
export function cut(text: string, width: number, perCharacter: number): string {
  const room = Math.max(1, Math.floor(width / perCharacter))
  return text.length <= room ? text : `${text.slice(0, room - 1).trimEnd()}…`
}

/** At most two lines of words; the rest is cut. */
export function twoLines(text: string, width: number, perCharacter: number): string[] {
  const room = Math.floor(width / perCharacter)
  if (text.length <= room) return [text]
  const at = text.lastIndexOf(' ', room)
  const split = at > room / 2 ? at : room
  return [text.slice(0, split).trimEnd(), cut(text.slice(split).trimStart(), width, perCharacter)]
}

/** Returns what is folded up: `22 functions in 22 groups`. */
export function foldText(functions: readonly TopologyNode[]): string {
  const groups = new Set(functions.flatMap((node) => node.group ?? []))
  const where = groups.size === 0 ? '' : ` in ${plural(groups.size, 'group')}`
  const kinds = new Set(functions.map((node) => node.kind))
  const what = kinds.size === 1 ? `: ${[...kinds].join('')}` : ''
  return `${functions.length} functions${where}${what}`
}

/** Returns the first and last address of what is folded up. */
export function foldRange(functions: readonly TopologyNode[]): string {
  const ends = [functions[0], functions.at(-1)].map((node) => shortAddress(node?.address ?? ''))
  return ends.join(' to ')
}

/** Returns everything the picture tells of an item, for screen readers and for the pointer. */
export function itemWords(item: Item): string {
  if (item.kind === 'fold') return `${foldText(item.functions)}, ${foldRange(item.functions)}, folded up`
  const { address, name, kind, driver, group, mark } = item.node
  const parts = [
    `${shortAddress(address)} ${name}`,
    kind,
    driver === null ? 'no driver' : `driver ${driver}`,
    group === null ? 'no IOMMU group' : `IOMMU group ${group}`,
    ...(mark === null ? [] : [mark.text]),
  ]
  return parts.join(', ')
}
