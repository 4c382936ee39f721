/** `next`, with each part that equals its former one replaced by that very object. */
export function reconciled<T extends object>(former: T, next: T): T {
  const parts = Object.entries(next).map(([name, part]): [string, unknown] => {
    const was: unknown = former[name as keyof T]
    return [name, same(was, part) ? was : part]
  })
  return Object.fromEntries(parts) as T
}

/** Compares by JSON: both came over IPC, so that holds all there is of them. */
function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
