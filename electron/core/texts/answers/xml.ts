/** An element: its name, its attributes, and its text or what is in it. */
export interface Element {
  name: string
  attributes: Readonly<Record<string, string>>
  content: string | readonly Element[]
}

/** An element of text, or of others. */
export function element(name: string, content: string | number | readonly Element[]): Element {
  return { name, attributes: {}, content: typeof content === 'number' ? String(content) : content }
}

/** One of several of its kind, which Setup is told to add. */
export function added(name: string, content: readonly Element[], attributes: Element['attributes'] = {}): Element {
  return { name, attributes: { 'wcm:action': 'add', ...attributes }, content }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text as it stands in XML, also between quotes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (sign) => ESCAPES[sign] ?? sign)
}

/** A whole document. */
export function documentOf(root: Element): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${written(root, '')}`
}

function written({ name, attributes, content }: Element, indent: string): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const head = `${indent}<${name}${words.join('')}>`
  if (typeof content === 'string') return `${head}${escaped(content)}</${name}>\n`
  return `${head}\n${content.map((inner) => written(inner, `${indent}  `)).join('')}${indent}</${name}>\n`
}
