import type { Facts } from '../../../shared/facts.ts'
import type { UnknownFact } from '../../../shared/unknown.ts'
import { unknownBecause } from '../../../shared/unknown.ts'

type Entry = Exclude<Facts['boot']['defaultEntry'], UnknownFact>

/**
 * The first menu entry of a generated grub.cfg: what boots when the default is 0, which is what
 * both Debian and RHEL 7 generate unless the admin chose otherwise. `source` is the file's path.
 */
export function parseDefaultEntry(text: string, source: string): Entry | UnknownFact {
  const title = /^menuentry ['"]([^'"]+)['"]/mu.exec(text)
  if (title?.[1] === undefined) return unknownBecause(`${source} has no menu entry`)
  const body = text.slice(title.index)
  const linux = /^\s*linux(?:16|efi)?\s+\S+\s*(.*)$/mu.exec(body)
  if (linux?.[1] === undefined) return unknownBecause(`${source}: the first entry has no linux line`)
  return { title: title[1], cmdline: linux[1].trim(), source }
}

/** Whether the first entry boots by default. next_entry counts for one boot only; saved_entry can name any. */
export function choosesFirstEntry(text: string): boolean {
  const values = [...text.matchAll(/^\s*set default="?([^"\n]*)"?\s*$/gmu)].map((match) => match[1] ?? '')
  return values.every((value) => value === '0' || value === '' || value === '${next_entry}')
}
