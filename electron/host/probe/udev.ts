import type { Reader } from '#shared/base/system.ts'

/** What udev keeps of one device node (systemd: /run/udev/data, one file for each `b8:0` or `c13:64`). */
export interface UdevEntry {
  /** Links below /dev, without /dev/. */
  links: string[]
  /** Properties, e.g. ID_FS_TYPE. */
  properties: ReadonlyMap<string, string>
}

/** Null: udev knows nothing of it, or its database cannot be read. `number` is major:minor. */
export async function udevEntry(reader: Reader, kind: 'b' | 'c', number: string): Promise<UdevEntry | null> {
  const result = await reader.read(`/run/udev/data/${kind}${number}`)
  if (result.kind !== 'text') return null
  const lines = result.text.split('\n')
  const pairs = lines.filter((line) => line.startsWith('E:') && line.includes('='))
  return {
    links: lines.filter((line) => line.startsWith('S:')).map((line) => line.slice(2)),
    properties: new Map(pairs.map((line) => [line.slice(2, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
  }
}

/** Lines of an entry that are read here; the others hold serial numbers and need not be recorded. */
export function udevLinesRead(text: string): string {
  const wanted = /^(S:(disk|input)\/by-(id|path)\/|E:(ID_FS_TYPE|ID_FS_LABEL|ID_INPUT_KEYBOARD|ID_INPUT_MOUSE)=)/u
  return text
    .split('\n')
    .filter((line) => wanted.test(line))
    .map((line) => `${line}\n`)
    .join('')
}

/** Returns the trimmed text of an attribute; null when it is not there or cannot be read. */
export async function word(reader: Reader, path: string): Promise<string | null> {
  const result = await reader.read(path)
  return result.kind === 'text' ? result.text.trim() : null
}
