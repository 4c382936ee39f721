import type { Recording } from '#host/recorded/recording.ts'
import { savedParts } from '#host/recorded/recording.ts'
import { sha256 } from '#host/sha256.ts'
import { JOURNAL_FILE } from '#shared/base/own-files.ts'
import { isUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { Hide } from './hide.ts'
import { isId, journal, mapped } from './rules/journal.ts'
import { LEFT_OUT, linkOf, namesOf, resultOf, ruleFor } from './rules/rules.ts'

/** A recording without what points to a person or a host, and how many different values were replaced by kind. */
export interface Redacted {
  recording: Recording
  replaced: Readonly<Record<string, number>>
}

/**
 * Keeps of everything that was read what this program's own parsers read of it, by a rule for each kind of file,
 * directory, link and command; what no rule is made for is left out. Words that not everybody knows are replaced, the
 * same value by the same placeholder everywhere, so a replay comes to the same conclusions.
 */
export function redact(recording: Recording): Redacted {
  // Once to learn what has to be replaced: placeholders are numbered in order, as menus are sorted by name.
  const first = new Hide(recording)
  redactedBy(first, recording)
  const second = new Hide(recording, first)
  return { recording: redactedBy(second, recording), replaced: second.placeholders.counts() }
}

function redactedBy(hide: Hide, recording: Recording): Recording {
  const sums = new Map<string, string>()
  const file = (path: string, text: string) => {
    const kept = fileText(path, text, hide, recording)
    if (kept !== null) sums.set(sha256(text), sha256(kept))
    return kept
  }
  const path = (text: string) => hide.words(text)
  const { saved } = recording
  const result: Recording = {
    ...recording,
    about: 'Made by report: only what is read of each file; names, addresses and ids are replaced.',
    files: keyed(recording.files, path, (value, key) => {
      return typeof value === 'string' ? (file(key, value) ?? { denied: LEFT_OUT }) : refused(value, key, path)
    }),
    dirs: keyed(recording.dirs, path, (value, key) => {
      return Array.isArray(value) ? directory(key, value, recording, path) : refused(value, key, path)
    }),
    links: linksOf(recording, path),
    commands: commandsOf(recording, hide),
    owners: keyed(recording.owners, path, (value) => value),
    stamps: keyed(recording.stamps, path, (value) => value),
    flashes: keyed(recording.flashes, path, (value) =>
      isUnknown(value) ? unknownBecause(path(value.unknown)) : value,
    ),
    images: keyed(recording.images, path, (value) => imageOf(value, path)),
    places: keyed(recording.places, path, (value) => placeOf(value, path)),
    saved: saved === null ? null : savedOf(saved, hide),
  }
  return withSums(result, sums, hide)
}

/** Null: no rule is made for it. Tables of addresses are numbers only, which the second net would take for ids. */
function fileText(path: string, text: string, hide: Hide, recording: Recording): string | null {
  if (path === JOURNAL_FILE)
    return journal(text, hide, (other, written) => fileText(other, written, hide, recording) ?? '')
  const kept = ruleFor(path)?.(text, { hide, recording, path }) ?? null
  return kept === null || path.startsWith('/proc/net/') ? kept : hide.net(kept)
}

function keyed<T>(
  table: Readonly<Record<string, T>>,
  path: (key: string) => string,
  value: (value: T, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([key, entry]) => [path(key), value(entry, key)]))
}

function imageOf(value: Recording['images'][string], path: (text: string) => string): Recording['images'][string] {
  if (value === null) return null
  if (isUnknown(value)) return unknownBecause(path(value.unknown))
  return { ...value, backing: value.backing.map((one) => ({ ...one, path: path(one.path) })) }
}

function placeOf(value: Recording['places'][string], path: (text: string) => string): Recording['places'][string] {
  if (isUnknown(value)) return unknownBecause(path(value.unknown))
  const { ways, mount, unmounted } = value
  return {
    ...value,
    ways: ways.map((part) => ({ ...part, path: path(part.path) })),
    mount: { ...mount, point: path(mount.point) },
    unmounted: unmounted === null ? null : path(unmounted),
  }
}

type Refused = null | { denied: string }

/** Redacts the reason why something could not be read to its path and an error's name. */
function refused(value: Refused, key: string, path: (text: string) => string): Refused {
  if (value === null) return null
  const code = /\bE[A-Z]+$/u.exec(value.denied)?.[0]
  return { denied: code === undefined ? path(value.denied) : `${path(key)}: ${code}` }
}

function directory(
  key: string,
  names: readonly string[],
  { links }: Recording,
  path: (text: string) => string,
): string[] | { denied: string } {
  if (/^\/proc\/\d+\/fd$/u.test(key)) return names.filter((name) => isShown(`${key}/${name}`, links[`${key}/${name}`]))
  return namesOf(key, names)?.map(path) ?? { denied: LEFT_OUT }
}

function isShown(key: string, target: Recording['links'][string] | undefined): boolean {
  return typeof target !== 'string' || linkOf(key, target) !== 'gone'
}

function linksOf({ links }: Recording, path: (text: string) => string): Recording['links'] {
  const shown = Object.fromEntries(Object.entries(links).filter(([key, target]) => isShown(key, target)))
  return keyed(shown, path, (value, key) => {
    if (typeof value !== 'string') return refused(value, key, path)
    return linkOf(key, value) === 'shown' ? path(value) : { denied: LEFT_OUT }
  })
}

/** Redacts commands: their only words that are not ours name links and profiles of NetworkManager. */
function commandsOf(recording: Recording, hide: Hide): Recording['commands'] {
  const line = (key: string) => (key.startsWith('nmcli ') ? hide.words(key) : key)
  return keyed(recording.commands, line, (result, key) => {
    if (result === null) return null
    const kept = resultOf(key, result, { hide, recording })
    return kept === null ? { exitCode: 1, stdout: '', stderr: LEFT_OUT } : { ...kept, stdout: hide.net(kept.stdout) }
  })
}

/** Choices and proofs keep their form: placeholders have the shape of what they stand for. */
function savedOf(saved: NonNullable<Recording['saved']>, hide: Hide): Recording['saved'] {
  return savedParts.parse(
    mapped(saved, (key, value) => {
      if (SUM.test(value) || isId(key, value)) return value
      return key === 'cmdline' ? hide.args(value) : hide.words(value)
    }),
  )
}

const SUM = /^[0-9a-f]{64}$/u

/**
 * Journal and proofs name files by the SHA-256 of their text. A text that was redacted has another one, and a replay
 * would take it for changed by someone else; so each sum becomes that of the redacted text. The sum of a text that is
 * not here could be used to guess it, and gets a placeholder.
 */
function withSums(recording: Recording, sums: ReadonlyMap<string, string>, hide: Hide): Recording {
  const renewed = (text: string) => text.replaceAll(/\b[0-9a-f]{64}\b/gu, (sum) => sums.get(sum) ?? hide.as('sum', sum))
  const text = recording.files[JOURNAL_FILE]
  const files = typeof text === 'string' ? { [JOURNAL_FILE]: renewed(text) } : {}
  return {
    ...recording,
    files: { ...recording.files, ...files },
    saved: savedParts.parse(JSON.parse(renewed(JSON.stringify(recording.saved)))),
  }
}
