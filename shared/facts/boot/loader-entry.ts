import { ENTRY_DIRECTORIES } from '#shared/base/own-files.ts'
import { type ArgsEdit, formatKernelArgs, type KernelArgs, parseKernelArgs, withoutArgs } from '../kernel-args.ts'

/**
 * A menu entry file of the boot loader specification, type #1 (UAPI.1): one `key value` a line, `#` starts a comment,
 * `options` may be given several times and is joined with blanks.
 */
export interface LoaderEntry {
  /** The file's name without `.conf` and without the boot counter `+TRIES-LEFT`. */
  id: string
  title: string
  version: string
  sortKey: string
  machineId: string
  options: string
  /** Paths below the root of the partition the entry lies on. */
  initrds: string[]
}

const OPTIONS = /^[ \t]*options([ \t\r]|$)/u
const LINE = /^[ \t]*([A-Za-z0-9_-]+)[ \t]+(.*?)[ \t\r]*$/u

function valuesOf(text: string, key: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = LINE.exec(line) ?? []
    return name === key && value !== undefined ? [value] : []
  })
}

/**
 * Returns the name of an entry or a unified image without its directory, its ending and the counter of boots behind the
 * name (UAPI.1, "Boot counting").
 */
export function menuName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(?:\+\d+(?:-\d+)?)?\.(?:conf|efi)$/u, '')
}

/** Returns where the partition of an entry file is mounted. */
export function partitionOf(entry: string): string {
  const directory = ENTRY_DIRECTORIES.find((candidate) => entry.startsWith(`${candidate}/`)) ?? ''
  return directory.replace(/\/loader\/entries$/u, '')
}

/** Parses an entry file; `file` is its path or name. */
export function parseLoaderEntry(file: string, text: string): LoaderEntry {
  const first = (key: string) => valuesOf(text, key)[0] ?? ''
  const id = menuName(file)
  return {
    id,
    title: first('title') || id,
    version: first('version'),
    sortKey: first('sort-key'),
    machineId: first('machine-id'),
    options: valuesOf(text, 'options').join(' '),
    initrds: valuesOf(text, 'initrd'),
  }
}

/** Takes arguments out of every `options` line, and appends others to the last one. Every other byte stays. */
export function editEntryOptions(text: string, { add, remove }: ArgsEdit<string>): string {
  const lines = text.split('\n').map((line) => (OPTIONS.test(line) ? withoutArgs(line, remove) : line))
  return addEntryOptions(lines.join('\n'), add)
}

/** Appends arguments to the last `options` line and keeps every other byte; without such a line one is added. */
export function addEntryOptions(text: string, args: KernelArgs): string {
  if (args.length === 0) return text
  const lines = text.split('\n')
  const index = lines.findLastIndex((line) => OPTIONS.test(line))
  const line = lines[index]
  if (line === undefined) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n'
    return `${text}${gap}options ${formatKernelArgs(args)}\n`
  }
  lines[index] = appendBeforeReturn(line, args)
  return lines.join('\n')
}

/** Appends before a CR, which a file edited under Windows ends its lines with and which has to stay last. */
function appendBeforeReturn(line: string, args: KernelArgs): string {
  const end = line.endsWith('\r') ? '\r' : ''
  const body = end === '' ? line : line.slice(0, -1)
  const gap = /[ \t]$/u.test(body) ? '' : ' '
  return `${body}${gap}${formatKernelArgs(args)}${end}`
}

/**
 * Returns the arguments in a command line file such as /etc/kernel/cmdline: lines are joined, comment lines left out.
 */
export function parseCmdlineFile(text: string): KernelArgs {
  return parseKernelArgs(
    text
      .split('\n')
      .filter((line) => !line.trimStart().startsWith('#'))
      .join(' '),
  )
}

/** Takes arguments out, and appends others to the last line that holds any. Every other byte stays, comments too. */
export function editCmdlineFile(text: string, { add: args, remove }: ArgsEdit<string>): string {
  const lines = text.split('\n').map((line) => (line.trimStart().startsWith('#') ? line : withoutArgs(line, remove)))
  if (args.length === 0) return lines.join('\n')
  const index = lines.findLastIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
  const line = lines[index]
  if (line === undefined) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${formatKernelArgs(args)}\n`
  lines[index] = appendBeforeReturn(line, args)
  return lines.join('\n')
}
