/**
 * The strings of a Nix expression, unescaped as Nix does it (Nix manual, "String literal"). Throws where one has an
 * interpolation or no end, or where brackets do not match: this program writes neither.
 */
export function readNix(source: string): string[] {
  const strings: string[] = []
  const open: string[] = []
  let rest = source
  while (rest !== '') {
    const comment = /^#[^\n]*/u.exec(rest)?.[0]
    if (comment !== undefined) {
      rest = rest.slice(comment.length)
      continue
    }
    const read = rest.startsWith("''") ? indented(rest) : rest.startsWith('"') ? quoted(rest) : null
    if (read !== null) {
      strings.push(read.text)
      rest = read.rest
      continue
    }
    bracket(rest.charAt(0), open)
    rest = rest.slice(1)
  }
  if (open.length > 0) throw new RangeError(`not closed: ${open.join('')}`)
  return strings
}

const CLOSES: Readonly<Record<string, string>> = { '}': '{', ']': '[', ')': '(' }

function bracket(letter: string, open: string[]): void {
  if ('{[('.includes(letter)) open.push(letter)
  const opener = CLOSES[letter]
  if (opener !== undefined && open.pop() !== opener) throw new RangeError(`${letter} closes nothing`)
}

interface Read {
  text: string
  rest: string
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function quoted(source: string): Read {
  let text = ''
  for (let at = 1; at < source.length; at++) {
    const letter = source.charAt(at)
    if (letter === '"') return { text, rest: source.slice(at + 1) }
    if (letter === '\\') {
      at++
      text += ESCAPES[source.charAt(at)] ?? source.charAt(at)
      continue
    }
    // Two dollars are two dollars, and what follows is no interpolation.
    if (letter === '$' && source.charAt(at + 1) === '$') {
      text += '$$'
      at++
      continue
    }
    if (letter === '$' && source.charAt(at + 1) === '{') throw new RangeError('an interpolation')
    text += letter
  }
  throw new RangeError('a string without an end')
}

function indented(source: string): Read {
  let text = ''
  for (let at = 2; at < source.length; at++) {
    const rest = source.slice(at)
    if (rest.startsWith("'''")) {
      text += "''"
      at += 2
    } else if (rest.startsWith("''$")) {
      text += '$'
      at += 2
    } else if (rest.startsWith("''\\")) {
      text += ESCAPES[rest.charAt(3)] ?? rest.charAt(3)
      at += 3
    } else if (rest.startsWith("''")) return { text: unindented(text), rest: rest.slice(2) }
    else if (rest.startsWith('$$')) {
      text += '$$'
      at++
    } else if (rest.startsWith('${')) throw new RangeError('an interpolation')
    else text += rest.charAt(0)
  }
  throw new RangeError('a string without an end')
}

/** Takes away the indentation that all lines have; the first is empty, the last is blanks. */
function unindented(text: string): string {
  const lines = text.split('\n').slice(1)
  const last = lines.pop() ?? ''
  const kept = lines.filter((line) => line.trim() !== '')
  const depth = Math.min(...kept.map((line) => line.search(/[^ ]/u)))
  return [...lines.map((line) => line.slice(depth)), last.trim()].join('\n')
}
