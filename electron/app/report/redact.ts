import { randomInt } from 'node:crypto'
import { type Recording, savedParts } from '#host/recorded/recording.ts'
import { sha256 } from '#host/sha256.ts'
import { JOURNAL_FILE } from '#shared/plan/journal.ts'
import { inJsonStrings } from './json-strings.ts'
import { namesIn } from './redact-names.ts'
import { Placeholders } from './redact-placeholders.ts'
import { SHAPES } from './redact-shapes.ts'

/** A recording without what points to a person or a machine, and how many different values were replaced by kind. */
export interface Redacted {
  recording: Recording
  replaced: Readonly<Record<string, number>>
}

/** Files whose whole content is an identity (Documentation/ABI/testing/sysfs-class-dmi). */
const IDENTITY_FILE = /(?:_serial|_uuid|_asset_tag|\/serial|\/wwid|\/machine-id)$/u

const NETWORK_TABLE = /^\/proc\/(?:\d+\/|self\/)?net\//u

/** Replaces names, serial numbers, addresses and ids; the same value gets the same placeholder everywhere. */
export function redact(recording: Recording): Redacted {
  const placeholders = new Placeholders()
  const names = namesIn(recording, placeholders)
  const octets = shuffledOctets()
  const plain = (text: string) =>
    names(text).replace(SHAPES, (found: string, ...rest: unknown[]) => placeholders.for(kindOf(rest), found))
  const clean = (text: string) => inJsonStrings(text, plain) ?? plain(text)
  const file = (path: string, text: string) => {
    if (IDENTITY_FILE.test(path)) return `${placeholders.for('serial', text.trim())}\n`
    if (NETWORK_TABLE.test(path)) return networkTable(path, text, octets, clean)
    return clean(path === '/etc/passwd' ? withoutComments(text) : text)
  }
  const sums = new Map<string, string>()
  const summed = (path: string, text: string) => {
    const now = file(path, text)
    if (now !== text) sums.set(sha256(text), sha256(now))
    return now
  }
  const result: Recording = {
    ...recording,
    about: 'Made by report: names, serial numbers, addresses and ids are replaced.',
    files: mapped(recording.files, clean, (value, path) => (typeof value === 'string' ? summed(path, value) : value)),
    dirs: mapped(recording.dirs, clean, (value) => (Array.isArray(value) ? value.map(clean).sort() : value)),
    links: mapped(recording.links, clean, (value) => (typeof value === 'string' ? clean(value) : value)),
    commands: mapped(recording.commands, clean, (value) =>
      value === null ? null : { ...value, stdout: clean(value.stdout), stderr: clean(value.stderr) },
    ),
    owners: mapped(recording.owners, clean, (value) => value),
    stamps: mapped(recording.stamps, clean, (value) => value),
    saved: savedOf(clean(JSON.stringify(recording.saved))),
  }
  return { recording: withSums(result, sums), replaced: placeholders.counts() }
}

/** Choices and proofs keep their form: placeholders have the shape of what they stand for. */
function savedOf(json: string): Recording['saved'] {
  return savedParts.parse(JSON.parse(json))
}

/**
 * Journal and proofs name files by the SHA-256 of their text. A text that was redacted has another one, and a replay
 * would take it for changed by someone else; so each sum becomes that of the redacted text.
 */
function withSums(recording: Recording, sums: ReadonlyMap<string, string>): Recording {
  const renewed = (text: string) => text.replaceAll(/\b[0-9a-f]{64}\b/gu, (sum) => sums.get(sum) ?? sum)
  const journal = recording.files[JOURNAL_FILE]
  const files = typeof journal === 'string' ? { [JOURNAL_FILE]: renewed(journal) } : {}
  return {
    ...recording,
    files: { ...recording.files, ...files },
    saved: savedOf(renewed(JSON.stringify(recording.saved))),
  }
}

function mapped<T>(
  table: Readonly<Record<string, T>>,
  clean: (text: string) => string,
  value: (value: T, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([key, entry]) => [clean(key), value(entry, key)]))
}

function kindOf(rest: readonly unknown[]): string {
  const groups = rest.at(-1)
  const found = Object.entries(typeof groups === 'object' && groups !== null ? groups : {}).find(
    ([, value]) => value !== undefined,
  )
  return found?.[0] ?? 'serial'
}

/** The comment field of passwd(5) holds full names and telephone numbers. */
function withoutComments(passwd: string): string {
  return passwd
    .split('\n')
    .map((row) =>
      row
        .split(':')
        .map((field, index) => (index === 4 ? '' : field))
        .join(':'),
    )
    .join('\n')
}

/**
 * A random exchange of the values of a byte. It keeps 0 and 255, so masks and default routes keep their meaning, and
 * equal prefixes of whole bytes stay equal in either byte order.
 */
function shuffledOctets(): string[] {
  const values = Array.from({ length: 254 }, (_, index) => index + 1)
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1)
    const [a = 0, b = 0] = [values[at], values[other]]
    values[at] = b
    values[other] = a
  }
  return [0, ...values, 255].map((value) => value.toString(16).padStart(2, '0').toUpperCase())
}

/** Addresses in hexadecimal: 32 digits, 8 before a port, and in `route` the destination and the gateway. */
function networkTable(path: string, text: string, octets: readonly string[], clean: (text: string) => string): string {
  const hidden = (hex: string) => hex.replaceAll(/../gu, (byte) => octets[Number.parseInt(byte, 16)] ?? byte)
  const route = path.endsWith('/route')
  const cell = (word: string, column: number) => {
    if (route && /^[0-9A-F]{8}$/iu.test(word)) return column === 1 || column === 2 ? hidden(word) : word
    if (!/^[0-9A-F:]+$/iu.test(word)) return clean(word)
    return word.replace(/^(?:[0-9A-F]{32}|[0-9A-F]{8}(?=:))/iu, hidden)
  }
  return text
    .split('\n')
    .map((row) => byColumn(row, cell))
    .join('\n')
}

/** Changes the words of a row and keeps the blanks between them. */
function byColumn(row: string, cell: (word: string, column: number) => string): string {
  let column = -1
  return row.replaceAll(/\S+/gu, (word) => {
    column += 1
    return cell(word, column)
  })
}
