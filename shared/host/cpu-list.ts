/** Logical processors in a list of the kernel's such as `0-3,8` (cpuset(7)), or of systemd's such as `0-3 8`. */
export function parseCpuList(text: string): number[] {
  return text.split(/[,\s]+/u).flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map((word) => Number.parseInt(word, 10))
    return Number.isFinite(first) && last - first < 65_536
      ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
      : []
  })
}
