import type { Recording } from '#host/recorded/recording.ts'

/** A secret of somebody, and where it stood. */
export interface Planted {
  place: string
  secret: string
}

const MARKED = /«([^»]*)»/gu

/** A text without its marks. */
export function unmarked(text: string): string {
  return text.replaceAll(MARKED, '$1')
}

/** What is marked as a secret in these texts; a key counts as well. */
export function plantedIn(texts: Readonly<Record<string, string>>): Planted[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    [place, text].flatMap((part) =>
      Array.from(part.matchAll(MARKED), ([, secret = '']) => ({ place: unmarked(place), secret })),
    ),
  )
}

/** The same texts as they lie on the host. */
export function asFiles(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [unmarked(path), unmarked(text)]))
}

/** Everything a secret may be turned into on its way: other case, other separators, escapes, base64. */
export function spellings(secret: string): string[] {
  const plain = secret.toLowerCase()
  const bare = plain.replaceAll(/[^\p{L}\p{N}]/gu, '')
  const joined = ['-', '_', '.', '', '\\040', '\\x20', '%20'].map((sign) => plain.replaceAll(/[\s:-]+/gu, sign))
  const escaped = JSON.stringify(plain).slice(1, -1)
  const encoded = [0, 1, 2].map((shift) => {
    // Without the ends that depend on what stands beside it.
    return Buffer.from(`${' '.repeat(shift)}${secret}`)
      .toString('base64')
      .replaceAll('=', '')
      .slice(shift === 0 ? 0 : 4, -4)
  })
  const words = secret.split(/[^\p{L}\p{N}]+/gu).filter((word) => /^\p{L}{5,}$/u.test(word))
  return [plain, bare, escaped, plain.replaceAll('-', '--'), ...joined, ...words.map((word) => word.toLowerCase())]
    .concat(encoded.map((text) => text.toLowerCase()))
    .filter((text) => text.length > 3)
}

/** Secrets that a text holds, in any spelling. */
export function found(text: string, planted: readonly Planted[]): Planted[] {
  const lower = text.toLowerCase()
  return planted.filter(({ secret }) => spellings(secret).some((spelling) => lower.includes(spelling)))
}

/** Secrets that were not read at all: a test that plants them proves nothing. */
export function unread(recording: Recording, planted: readonly Planted[]): Planted[] {
  const strings: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value === 'string') strings.push(value)
    else if (Array.isArray(value)) value.forEach(walk)
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) {
        strings.push(key)
        walk(member)
      }
  }
  walk(recording)
  const whole = strings.join('\n')
  return planted.filter(({ secret }) => !whole.includes(secret))
}
