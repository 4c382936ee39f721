/** Parses a list of the kernel's such as `0-3,8` (cpuset(7)); what is no number or range is left out. */
export function parseList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map((word) => Number.parseInt(word, 10))
    return Number.isFinite(first) && last - first < 65_536
      ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
      : []
  })
}

/** Writes numbers as such a list, in order and each once. */
export function listText(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((one, other) => one - other)
  const ends = sorted.filter((number) => !sorted.includes(number + 1))
  const starts = sorted.filter((number) => !sorted.includes(number - 1))
  return starts.map((start, at) => (start === ends[at] ? `${start}` : `${start}-${ends[at] ?? start}`)).join(',')
}
