import { lineAt, type NormalText, squash } from './normalise.ts'

/** What a brace in a pattern stands for, in squashed text. Every length is bounded, so that a search stays linear. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  bdf: '[0-9a-fxy:.]{4,17}',
  n: '[0-9]{1,12}',
  hex: '(?:0x)?[0-9a-f]{1,16}',
  // A group, a device or a plain letter where somebody left the number out.
  id: '[0-9a-z]{1,8}',
  name: '[\\w.-]{1,60}?',
  path: '[^:,;]{1,200}?',
  // A path that is no device: those have failures of their own.
  file: '(?!dev/)[^:,;]{1,200}?',
  '..': '.{0,80}?',
}

/** As much of a text as one message can take, in squashed characters, on either side of the anchor. */
const REACH = 400
/** A message wrapped over more lines than this is not put together. */
const WRAPPED_LINES = 8
/** How many lines away from the first word the others may stand. */
const NEAR_LINES = 3

/** A pattern ready to search: the longest fixed words lead to a place, the expression decides. */
export interface Pattern {
  anchor: string
  expression: RegExp
}

/** Where something was found: first and last line. */
export interface Place {
  at: number
  from: number
  to: number
}

/**
 * Compiles a pattern: words as the program prints them, `{bdf}`, `{n}`, `{hex}`, `{id}`, `{name}`, `{path}`,
 * `{file}` and `{..}` for what varies, `{this|that}` for a choice.
 */
export function compile(pattern: string): Pattern {
  const parts = pattern.split(/\{([^}]+)\}/u)
  const literals = parts.filter((_part, index) => index % 2 === 0).map(squash)
  const source = parts.map((part, index) => (index % 2 === 0 ? escaped(squash(part)) : expanded(part))).join('')
  const anchor = literals.reduce((longest, literal) => (literal.length > longest.length ? literal : longest), '')
  return { anchor, expression: new RegExp(source, 'gu') }
}

function expanded(name: string): string {
  const known = PLACEHOLDERS[name]
  if (known !== undefined) return known
  return `(?:${name
    .split('|')
    .map((choice) => escaped(squash(choice)))
    .join('|')})`
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&')
}

/** First place of a pattern, or null. Each place of the anchor is looked at once, within a bounded distance. */
export function find(text: NormalText, pattern: Pattern): Place | null {
  const { squashed } = text
  let anchor = squashed.indexOf(pattern.anchor)
  while (anchor !== -1) {
    const from = Math.max(0, anchor - REACH)
    const found = within(text, pattern.expression, from, anchor + pattern.anchor.length + REACH)
    if (found !== null) return found
    anchor = squashed.indexOf(pattern.anchor, anchor + 1)
  }
  return null
}

function within(text: NormalText, expression: RegExp, from: number, until: number): Place | null {
  const slice = text.squashed.slice(from, until)
  expression.lastIndex = 0
  for (let match = expression.exec(slice); match !== null; match = expression.exec(slice)) {
    const at = from + match.index
    const first = lineAt(text, at)
    const last = lineAt(text, at + match[0].length - 1)
    if (last - first < WRAPPED_LINES) return { at, from: first, to: last }
    expression.lastIndex = match.index + 1
  }
  return null
}

/** First place where all words stand close together: on one line or a few around it, in any order. */
export function findWords(text: NormalText, words: readonly Pattern[]): Place | null {
  const [first] = words
  if (first === undefined) return null
  let anchor = text.squashed.indexOf(first.anchor)
  while (anchor !== -1) {
    const line = lineAt(text, anchor)
    const near = nearby(text, line)
    if (words.every((word) => has(near, word))) return { at: anchor, from: line, to: line }
    anchor = text.squashed.indexOf(first.anchor, anchor + 1)
  }
  return null
}

function has(near: string, word: Pattern): boolean {
  word.expression.lastIndex = 0
  return word.expression.test(near)
}

function nearby(text: NormalText, line: number): string {
  const from = text.starts[Math.max(0, line - NEAR_LINES)] ?? 0
  const until = text.starts[line + NEAR_LINES + 1] ?? text.squashed.length
  const here = text.starts[line] ?? 0
  return text.squashed.slice(Math.max(from, here - REACH), Math.min(until, here + 2 * REACH))
}
