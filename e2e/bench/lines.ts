import { problemOf } from '#shared/base/problem.ts'

/** One line of the bench: what is ours, what stands beside it in the same run, and what the design asks for. */
export interface Line {
  what: string
  ours: string
  theirs: string
  /** Ours by theirs; null where they cannot be divided. */
  ratio: number | null
  target: string
  /** null: nothing was promised, or it could not be measured. */
  met: boolean | null
}

/** The middle value. Throws a RangeError when there is none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value that this share (0 to 1) of all values does not exceed. Throws a RangeError when there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  if (value === undefined) throw new RangeError('no values')
  return value
}

/** Milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** `12.3 ms`, or `1.23 s` from a second on. */
export function ms(value: number): string {
  return value < 1000 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(2)} s`
}

/** The lines of one part; a part that cannot be measured here says why in its place. */
export async function part(what: string, measure: () => Promise<Line[]>): Promise<Line[]> {
  try {
    return await measure()
  } catch (thrown) {
    const why = (thrown instanceof Error ? thrown.message : problemOf(thrown).message).split('\n')[0] ?? ''
    return [{ what, ours: `not measured: ${why}`, theirs: '', ratio: null, target: '', met: null }]
  }
}

const MET = new Map([
  [true, 'yes'],
  [false, 'NO'],
])

/** All lines as a table of text, columns aligned. */
export function table(lines: readonly Line[]): string {
  const head = ['', 'ours', 'theirs', 'ratio', 'target', 'met']
  const rows = lines.map(({ what, ours, theirs, ratio, target, met }) => [
    ...[what, ours, theirs, ratio === null ? '' : ratio.toFixed(2), target],
    met === null ? '' : (MET.get(met) ?? ''),
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const ruler = widths.map((width) => '-'.repeat(width))
  return [head, ruler, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
