/** Returns the part of `lspci -D -nnk` that is about some functions, as a person would cut it out. */
export function lspciBlocks(text: string, addresses: readonly string[]): string {
  const lines: string[] = []
  let keep = false
  for (const line of text.split('\n')) {
    if (!/^\s/u.test(line)) keep = addresses.some((address) => line.startsWith(`${address} `))
    if (keep && line !== '') lines.push(line)
  }
  return lines.join('\n')
}
