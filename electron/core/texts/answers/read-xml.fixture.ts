/** An element as it was read: attributes, and text or others. */
export interface Read {
  name: string
  attributes: Record<string, string>
  text: string
  children: Read[]
}

const TOKEN = /<\/([^<>\s]+)>|<([^<>\s?/]+)((?:\s[^<>"]*"[^<>"]*")*)>|([^<>]+)/gu
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Takes back what stands for a sign that XML keeps for itself. Throws for an ampersand that begins no such thing. */
function plain(text: string): string {
  return text.replaceAll(/&(?:([a-z]+);)?/gu, (_all, name: string | undefined) => {
    const sign = ENTITIES[name ?? '']
    if (sign === undefined) throw new Error(`a bare ampersand in ${text}`)
    return sign
  })
}

/** Reads a document of elements and text as XML does (no comments, no CDATA). Throws for one that is not well-formed. */
export function readXml(document: string): Read {
  const [head = '', ...rest] = document.split('?>\n')
  const body = rest.join('?>\n')
  if (!head.startsWith('<?xml ')) throw new Error('no declaration')
  const top: Read = { name: '', attributes: {}, text: '', children: [] }
  const open = [top]
  let at = 0
  for (const found of body.matchAll(TOKEN)) {
    if (found.index !== at) throw new Error(`not read: ${body.slice(at, found.index)}`)
    at += found[0].length
    take(open, found)
  }
  const [root] = top.children
  if (at !== body.length || open.length !== 1 || root === undefined) throw new Error('it ends too early')
  return root
}

function take(open: Read[], [, closes, opens, attributes = '', text = '']: RegExpMatchArray): void {
  const inner = open.at(-1)
  if (inner === undefined) throw new Error('more is closed than was opened')
  if (closes !== undefined) {
    if (inner.name !== closes) throw new Error(`${closes} closes ${inner.name}`)
    open.pop()
  } else if (opens === undefined) inner.text += plain(text)
  else {
    const pairs = [...attributes.matchAll(/([^\s=]+)="([^"]*)"/gu)]
    const named = Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, plain(value)]))
    const next = { name: opens, attributes: named, text: '', children: [] }
    inner.children.push(next)
    open.push(next)
  }
}

/** Every element of a name, wherever it is. */
export function all(root: Read, name: string): Read[] {
  return [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => all(child, name))]
}
