import type { Placed } from './measures.ts'

/** Returns the item an arrow key leads to: right to the first child, left to the parent, up and down among siblings. */
export function neighbour(placed: readonly Placed[], id: string, key: string): string | null {
  const here = placed.findIndex((one) => one.id === id)
  const one = placed[here]
  if (one === undefined) return null
  switch (key) {
    case 'ArrowRight':
      return placed.find((other) => other.parent === id)?.id ?? null
    case 'ArrowLeft':
      return one.parent
    case 'ArrowDown':
      return below(placed, here)
    case 'ArrowUp':
      return above(placed, here)
    case 'Home':
      return placed[0]?.id ?? null
    case 'End':
      return placed.at(-1)?.id ?? null
    default:
      return null
  }
}

/** Returns the next sibling; after the last one, what follows its parent. */
function below(placed: readonly Placed[], here: number): string | null {
  const level = placed[here]?.level ?? 0
  return placed.slice(here + 1).find((other) => other.level <= level)?.id ?? null
}

/** Returns the sibling before; before the first one, its parent, and from root to root the last of the one above. */
function above(placed: readonly Placed[], here: number): string | null {
  const level = placed[here]?.level ?? 0
  return placed.slice(0, here).findLast((other) => other.level <= level)?.id ?? null
}
