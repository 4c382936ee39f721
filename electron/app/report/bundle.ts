import type { Recording } from '#host/recorded/recording.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { PART_GROUPS, type PartGroup, type ReportView } from '#shared/ipc/report.ts'
import type { SavedState } from '../session/saved-state.ts'
import type { Session } from '../session/session.ts'
import { recordHost } from './record-host.ts'
import { redact } from './redact.ts'

/** A report that was made: its text as it would be saved, and the same in parts, for looking through it. */
export interface Bundle {
  text: string
  view: ReportView
  /** Text of each part, by its id. */
  texts: readonly string[]
}

/** Reads the host again and keeps of it what `redact` lets through. Throws `usage` for a pasted text. */
export async function makeBundle({ host }: Session, saved: SavedState): Promise<Bundle> {
  if (host.coverage !== undefined)
    throw new ProblemError('usage', 'A pasted text makes no report.', { hint: 'Give the text itself to whoever asks.' })
  const { recording, replaced } = redact(await recordHost(host, saved))
  const text = `${JSON.stringify(recording, null, 1)}\n`
  const parts = partsOf(recording)
  return {
    text,
    view: {
      bytes: bytesOf(text),
      replaced,
      parts: parts.map(({ group, title, text: part }, id) => ({ id, group, title, bytes: bytesOf(part) })),
    },
    texts: parts.map((part) => part.text),
  }
}

interface Part {
  group: PartGroup
  title: string
  text: string
}

/**
 * Returns everything a recording holds, in parts a person can read; attributes of the kernel are gathered by directory.
 */
export function partsOf(recording: Recording): Part[] {
  const parts = [...yours(recording), ...commands(recording), ...files(recording), ...names(recording)]
  return parts.filter(({ text }) => text !== '').sort((a, b) => order(a) - order(b))
}

function order({ group }: Part): number {
  return PART_GROUPS.indexOf(group)
}

function yours({ saved }: Recording): Part[] {
  if (saved === null) return []
  return [
    { group: 'yours', title: 'Your choices', text: pretty(saved.choices) },
    { group: 'yours', title: 'What was proven', text: pretty(saved.proofs) },
  ]
}

function commands(recording: Recording): Part[] {
  return Object.entries(recording.commands).flatMap(([title, result]): Part[] => {
    if (result === null) return []
    const { exitCode, stdout, stderr } = result
    const text = [stdout, stderr, exitCode === 0 ? '' : `exit code ${exitCode}\n`].join('')
    return [{ group: 'commands', title, text: text === '' ? 'no output\n' : text }]
  })
}

/** Files one by one; those of /proc and /sys by directory, as `name: value` lines. */
function files(recording: Recording): Part[] {
  const single: Part[] = []
  const gathered = new Map<string, string[]>()
  for (const [path, text] of Object.entries(recording.files)) {
    if (typeof text !== 'string') continue
    const directory = attributesOf(path)
    if (directory === null) single.push({ group: 'files', title: path, text })
    else gathered.set(directory, [...(gathered.get(directory) ?? []), `${path}: ${text.trimEnd()}`])
  }
  const kernel = [...gathered].map(([directory, lines]): Part => ({
    group: 'kernel',
    title: directory,
    text: `${lines.join('\n')}\n`,
  }))
  return [...single.sort(byTitle), ...kernel.sort(byTitle)]
}

/** Below which directory an attribute is shown; null: the file stands for itself. */
function attributesOf(path: string): string | null {
  if (/^\/proc\/\d+\//u.test(path)) return '/proc/PID'
  const [, device] = /^(\/sys\/bus\/pci\/devices\/[^/]+)\//u.exec(path) ?? []
  if (device !== undefined) return device
  const [, area] = /^(\/sys(?:\/[^/]+){2})/u.exec(path) ?? []
  return area ?? null
}

/**
 * Returns the parts that are names, not texts: directories, links, owners, which tools there are, what was not there.
 */
function names(recording: Recording): Part[] {
  const list = (title: string, lines: readonly string[]): Part => {
    return { group: 'names', title, text: lines.map((line) => `${line}\n`).join('') }
  }
  const { dirs, links, owners, stamps, flashes, images, tools } = recording
  const lines = <T>(table: Readonly<Record<string, T>>, line: (path: string, value: T) => string[]) =>
    Object.entries(table).flatMap(([path, value]) => line(path, value))
  return [
    list('About this report', [recording.name, recording.about, `read as uid ${recording.uid}`]),
    list(
      'Directories',
      lines(dirs, (path, value) => (Array.isArray(value) ? [`${path}: ${value.join(' ')}`] : [])),
    ),
    list(
      'Symbolic links',
      lines(links, (path, value) => (typeof value === 'string' ? [`${path} -> ${value}`] : [])),
    ),
    list(
      'Owners',
      lines(owners, (path, uid) => (uid === null ? [] : [`${path}: uid ${uid}`])),
    ),
    list(
      'Sizes and times',
      lines(stamps, (path, stamp) => (stamp === null ? [] : [`${path}: ${JSON.stringify(stamp)}`])),
    ),
    list(
      'UEFI images',
      lines(flashes, (path, file) => (file === null ? [] : [`${path}: ${JSON.stringify(file)}`])),
    ),
    list(
      'Disk images',
      lines(images, (path, file) => (file === null ? [] : [`${path}: ${JSON.stringify(file)}`])),
    ),
    list(
      'Installed tools',
      lines(tools, (tool, there) => [`${tool}: ${there ? 'yes' : 'no'}`]),
    ),
    list('Not there', missing(recording)),
    list('Not readable, or left out', hidden(recording)),
  ]
}

function missing({ files: read, dirs, links, commands: run, owners, stamps, flashes, images }: Recording): string[] {
  return [read, dirs, links, run, owners, stamps, flashes, images].flatMap((table) =>
    Object.entries(table).flatMap(([path, value]) => (value === null ? [path] : [])),
  )
}

function hidden({ files: read, dirs, links }: Recording): string[] {
  const tables: readonly Readonly<Record<string, Recording['files' | 'dirs'][string]>>[] = [read, dirs, links]
  return tables.flatMap((table) =>
    Object.entries(table).flatMap(([path, value]) =>
      value === null || typeof value === 'string' || Array.isArray(value) ? [] : [`${path}: ${value.denied}`],
    ),
  )
}

function byTitle(a: Part, b: Part): number {
  return a.title < b.title ? -1 : Number(a.title > b.title)
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
