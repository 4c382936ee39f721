/** A text made comparable, and the way back from a place in it to the line that was read. */
export interface NormalText {
  /** Lower case, without blanks, quotes, colours and log prefixes; lines run on, so a wrapped message is whole. */
  squashed: string
  /** The lines as they were read, without colours; a log entry wrapped in JSON gives the lines within. */
  lines: readonly string[]
  /** Where each line begins in `squashed`. */
  starts: readonly number[]
}

/** Escape sequences, also as `cat -v` shows them. */
const COLOURS = new RegExp(`(?:${String.fromCharCode(27)}|\\^\\[)\\[[0-9;?]*[a-zA-Z]`, 'gu')

/** Zero-width characters, soft hyphen and byte order mark: seen in texts copied from web pages. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/gu

/** Dashes that a word processor puts for a hyphen. */
const DASHES = /[\u2010-\u2015\u2212]/gu

/** Blanks, backslashes and everything anybody ever used as a quotation mark. */
const IGNORED = /[\s\\"'`\u00b4\u2018-\u201f\u2039\u203a\u00ab\u00bb\u2032\u2033]+/gu

/** What logs put before a message. Repeated, because they nest: a journal line holds a QEMU line holds a date. */
const PREFIXES: readonly RegExp[] = [
  /^\s*[>|#$]\s+/u,
  /^\s*<\d{1,3}>/u,
  /^\s*\[\s*\d{1,9}\.\d{3,9}\s*\](?:\[\s*[TC]\d+\s*\])?:?/u,
  /^\s*\[(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +\d{1,2} [\d:.]+(?: \d{4})?\]/u,
  /^\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\s?(?:Z|[+-]\d{2}:?\d{2})?:?(?=\s|$)/u,
  /^\s*[A-Z][a-z]{2}\s+\d{1,2} \d{2}:\d{2}:\d{2}(?:\.\d+)? \S{1,64} \S{1,64}?(?:\[\d+\])?:(?=\s)/u,
  /^\s*\S{1,64} (?:kernel|libvirtd|virtqemud|qemu\S{0,40})(?:\[\d+\])?:(?=\s)/u,
  /^\s*(?:\/\S{1,120}\/)?(?:qemu-system-[\w.-]{1,40}|qemu-kvm)(?:\[\d+\])?:(?=\s)/iu,
  /^\s*(?:kernel|libvirtd|virtqemud)(?:\[\d+\])?:(?=\s)/u,
]

/**
 * Makes a text comparable with the patterns of the rules: timestamps of dmesg, syslog, the journal and ISO, program
 * prefixes, JSON and HTML wrappings, colours, typographic characters, case and line breaks are all made to not count.
 */
export function normalise(text: string): NormalText {
  const lines = text.split(/[\r\n]+/u).flatMap(readable)
  const starts: number[] = []
  const parts: string[] = []
  let length = 0
  for (const line of lines) {
    const part = squash(withoutPrefixes(line))
    starts.push(length)
    parts.push(part)
    length += part.length
  }
  return { squashed: parts.join(''), lines, starts }
}

/** Returns the form in which texts and patterns are compared. */
export function squash(text: string): string {
  const plain = isAscii(text) ? text : text.normalize('NFKC').replace(DASHES, '-').replace(INVISIBLE, '')
  return plain.replace(IGNORED, '').toLowerCase()
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/u.test(text)
}

/** One line as read, or several when it is a log entry that carries escaped line breaks. */
function readable(line: string): string[] {
  const inner = unwrap(line).replace(COLOURS, '')
  return inner.includes('\n') ? inner.split('\n').map((one) => one.trim()) : [inner.trim()]
}

/** `> x` */
const SHORTEST_PREFIX = 3

function withoutPrefixes(line: string): string {
  if (line.length < SHORTEST_PREFIX) return line
  let rest = line
  for (let rounds = 0; rounds < 6; rounds += 1) {
    const before = rest
    for (const prefix of PREFIXES) rest = rest.replace(prefix, '')
    if (rest === before) break
  }
  return rest
}

/** How exactly a place is found again in a long line, in characters. */
const STRIDE = 64

/** As much of a line as is worth quoting: all of it, or what stands around a place counted in squashed characters. */
export function excerpt(line: string, place: number, length: number): string {
  if (line.length <= length) return line
  const rest = withoutPrefixes(line)
  let from = 0
  for (let left = place; from < rest.length; from += STRIDE) {
    left -= squash(rest.slice(from, from + STRIDE)).length
    if (left <= 0) break
  }
  const begin = Math.max(0, Math.min(from - STRIDE, rest.length - length))
  const end = begin + length
  return `${begin > 0 ? '…' : ''}${rest.slice(begin, end)}${end < rest.length ? '…' : ''}`
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&', nbsp: ' ' }

/** Undoes JSON escapes, once or twice applied, and the HTML entities of a page's source. */
function unwrap(line: string): string {
  const text = line.includes('&') ? unescapeHtml(unescapeHtml(line)) : line
  const json = /\\["u]/iu.test(text) || (/^\s*[{[]/u.test(text) && /\\n/iu.test(text))
  return json ? unescapeJson(text) : text
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&(quot|apos|lt|gt|amp|nbsp);/giu, (all, name: string) => ENTITIES[name.toLowerCase()] ?? all)
    .replace(/&#0?39;/gu, "'")
}

function unescapeJson(text: string): string {
  return text
    .replace(/\\{2,}/gu, '\\')
    .replace(/\\u([0-9a-f]{4})/giu, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\(["/])/gu, '$1')
    .replace(/\\[rt]/giu, ' ')
    .replace(/\\n/giu, '\n')
}

/** Index of the line that holds a place of the squashed text. */
export function lineAt(text: NormalText, place: number): number {
  let low = 0
  let high = text.starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((text.starts[middle] ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low
}
