import type { Recording } from '#host/recorded/recording.ts'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import type { Placeholders } from './redact-placeholders.ts'

const HOSTNAME_FILES = ['/proc/sys/kernel/hostname', '/etc/hostname']

/** Names of this host and of its people, as one expression, and what stands for a match. Null: there are none. */
export interface Names {
  pattern: string | null
  placeholder(found: string): string
}

/**
 * Returns the names to be replaced wherever they stand. One that is also a word of the system (`known`) is replaced by
 * the rules only, where it names the host or the account: "debian" in a boot menu says nothing of a person.
 */
export function namesIn(recording: Recording, placeholders: Placeholders, known: (word: string) => boolean): Names {
  const pairs = [
    ...hostNames(recording, placeholders),
    ...people(recording, placeholders),
    ...atHome(recording, placeholders),
  ]
  const free = pairs.filter(([name]) => name.length > 1 && !known(name))
  const longestFirst = free.sort(([a], [b]) => b.length - a.length)
  const table = new Map(longestFirst.map(([name, placeholder]) => [plain(name), placeholder]))
  return {
    pattern: longestFirst.length === 0 ? null : longestFirst.map(([name]) => bounded(name)).join('|'),
    placeholder: (found) => table.get(plain(found)) ?? 'user0',
  }
}

/** Returns the form in which names are compared: case and what joins the words of a full name do not count. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s._-]/gu, '')
}

function textOf(recording: Recording, path: string): string {
  const value = recording.files[path]
  return typeof value === 'string' ? value : ''
}

/** Returns the host's name as it is read; empty: it has none. */
export function hostNameIn(recording: Recording): string {
  return textOf(recording, '/proc/sys/kernel/hostname').trim()
}

/** Names of the VMs of this program. */
export function vmNames({ dirs, saved }: Recording): string[] {
  const listed = dirs[`${DATA_DIRECTORY}/vms`]
  const chosen = saved === null ? [] : [saved.choices.definition.name]
  return [...new Set([...chosen, ...(Array.isArray(listed) ? listed : [])])]
}

/** Returns the full name and its first label. */
function hostNames(recording: Recording, placeholders: Placeholders): [string, string][] {
  const full = HOSTNAME_FILES.map((path) => textOf(recording, path).trim()).filter((name) => name !== '')
  return full.flatMap((name): [string, string][] => {
    const label = name.split('.')[0] ?? name
    const placeholder = placeholders.for('host', label)
    return [
      [name, placeholder],
      [label, placeholder],
    ]
  })
}

/** Accounts of people (uid 1000 to 59999), and their full names. */
function people(recording: Recording, placeholders: Placeholders): [string, string][] {
  const rows = textOf(recording, '/etc/passwd')
    .split('\n')
    .map((row) => row.split(':'))
    .filter((row) => Number(row[2]) >= 1000 && Number(row[2]) < 60_000)
  return rows.flatMap(([name = '', , , , comment = '']): [string, string][] => {
    const placeholder = placeholders.for('user', name)
    const fullName = comment.split(',')[0]?.trim() ?? ''
    return [
      [name, placeholder],
      [fullName.includes(' ') ? fullName : '', placeholder],
    ]
  })
}

/** Returns the names of home directories in some text: accounts of a directory service are not in passwd. */
function atHome(recording: Recording, placeholders: Placeholders): [string, string][] {
  const texts = [...Object.values(recording.files), ...Object.keys(recording.files), JSON.stringify(recording.saved)]
  const found = texts.flatMap((text) =>
    typeof text === 'string' && text.includes('/home/')
      ? Array.from(text.matchAll(/\/home\/([\w@-]+(?:\.[\w@-]+)*)/gu), ([, name = '']) => name)
      : [],
  )
  return [...new Set(found)].map((name) => [name, placeholders.for('user', name)])
}

/**
 * Returns the pattern for a name where it is not part of a longer word; the words of a full name however they are
 * joined.
 */
export function bounded(name: string): string {
  const literal = name
    .replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('-', '--?')
    .replaceAll(' ', String.raw`[\s._-]*`)
  return `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`
}
