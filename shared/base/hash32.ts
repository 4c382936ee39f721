/** FNV-1a over UTF-16 units, 32 bits: for names that have to differ, not for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}
