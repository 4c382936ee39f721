import type { Hide } from '../hide.ts'

/** How the text of a file is hidden, by its path. */
export type HideFile = (path: string, text: string) => string

/** Members whose value is one of a few words of ours (shared/plan). */
const OURS = /^(?:kind|step|tool|manager|module)$/u

/** Returns whether a member is an id or a class of PCI or USB. */
export function isId(key: string, value: string): boolean {
  return /^(?:vendorId|deviceId|productId|classId)$/u.test(key) && /^[0-9a-f]{4,6}$/u.test(value)
}

/** Sums are exchanged once every text is known. */
const SUM = /^[0-9a-f]{64}$/u

/** Redacts the journal, entry by entry: what was written to a file is hidden as that file is, the rest word by word. */
export function journal(text: string, hide: Hide, file: HideFile): string {
  const rows = text.split('\n')
  // A last row without an end was cut short; it counts as none.
  const whole = rows.slice(0, -1).map((row) => (row === '' ? '' : entry(row, hide, file)))
  return whole.map((row) => `${row}\n`).join('')
}

function entry(row: string, hide: Hide, file: HideFile): string {
  const value = jsonOf(row)
  if (value === undefined) return '{}'
  const path = stringAt(stringless(value)['change'], 'path')
  const former = (text: string) => (path === null ? hide.words(text) : file(path, text))
  return JSON.stringify(
    mapped(value, (key, one, around) => {
      if (OURS.test(key) || SUM.test(one) || isId(key, one)) return one
      if (key === 'former') return former(one)
      const written = key === 'text' ? stringAt(around, 'path') : null
      return written === null ? hide.words(one) : file(written, one)
    }),
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stringless(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

function stringAt(value: unknown, key: string): string | null {
  const found = stringless(value)[key]
  return typeof found === 'string' ? found : null
}

type Change = (key: string, value: string, around: unknown) => string

/** Changes every string of a JSON value. Names of members that are paths are changed as well. */
export function mapped(value: unknown, change: Change, key = '', around: unknown = null): unknown {
  if (typeof value === 'string') return change(key, value, around)
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, change, key, around))
  if (!isRecord(value)) return value
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    return [name.startsWith('/') ? change('', name, value) : name, mapped(member, change, name, value)]
  })
  return Object.fromEntries(members)
}
