import { ENTRY_DIRECTORIES, OWN_FILES, RESCUE_ENTRY, RESCUE_WORD } from '#shared/base/own-files.ts'
import { addEntryOptions } from '#shared/facts/boot/loader-entry.ts'
import { entriesBeside } from '#shared/facts/boot/unified-image.ts'
import { type OwnText, plain, program } from '../file.ts'

const TITLE = 'rescue, without Passthrough Studio'
/** The marker is cut off again by the script itself, as in GRUB's own 40_custom. */
const HEAD = [
  '#!/bin/sh',
  '# Written by Passthrough Studio, step 3: the default entry of that day, to fall back on.',
  'sed \'1,/^# entry$/d\' "$0"',
  'exit 0',
  '# entry',
]

/**
 * Returns a script in /etc/grub.d that prints a copy of an entry of the menu. grub-mkconfig puts it last, so that
 * entries chosen by number or by name stay what they are. The copy keeps today's kernel and root. `menu` is a text that
 * holds the entry; null: it does not, or `entry` is not one.
 */
export function grubRescueText(menu: string, entry: string, title: string): OwnText | null {
  if (!isEntry(entry) || !`\n${menu}\n`.includes(`\n${entry}\n`)) return null
  return program(OWN_FILES.grubRescue, [...HEAD, grubCopy(entry, title), ''].join('\n'))
}

/** One whole block: it opens as an entry, and its last line closes it. A line that ends in `{` opens one more. */
function isEntry(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim())
  if (!/^menuentry\s.*\{$/u.test(lines[0] ?? '')) return false
  let depth = 0
  for (const [index, line] of lines.entries()) {
    if (line.endsWith('{')) depth += 1
    if (line === '}') depth -= 1
    if (depth === 0) return index === lines.length - 1
  }
  return false
}

function grubCopy(text: string, title: string): string {
  const indent = /^\s*/u.exec(text)?.[0] ?? ''
  return text
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .map((line, index) => (index === 0 ? renamed(line, title) : line))
    .map((line) => (/^\s*linux(16|efi)?\s/u.test(line) ? `${line.trimEnd()} ${RESCUE_WORD}` : line))
    .join('\n')
}

/** Returns a title and an id of its own: a default chosen by name must not find this entry. */
function renamed(header: string, title: string): string {
  const rest = header
    .replace(/^menuentry\s+(?:'[^']*'|"[^"]*"|\S+)/u, '')
    .replace(/\$\{?menuentry_id_option\}?\s+\S+\s*|--id[ =]\S+\s*/u, '')
  return `menuentry '${title.replaceAll("'", '')} (${TITLE})'${rest.replace(/\s*\{$/u, '')} --id passthrough-studio-rescue {`
}

/**
 * Returns a copy of an entry file (`text`, at `source`) under a name of ours; of a unified kernel image `text` is what
 * would stand in such a file. Null: no entry files can lie there.
 */
export function entryRescueText(source: string, text: string, title: string): OwnText | null {
  const path = rescueEntryPath(source)
  return path === null ? null : plain(path, entryCopy(text, title))
}

/** Where the copy of an entry file, or the entry for a unified kernel image, lies; null: no entry files can lie there. */
export function rescueEntryPath(source: string): string | null {
  const directory = ENTRY_DIRECTORIES.find((entries) => source.startsWith(`${entries}/`)) ?? entriesBeside(source)
  return directory === null ? null : `${directory}/${RESCUE_ENTRY}`
}

/** The last sort key there is keeps it at the end; a copied boot counter or id would take it for the same entry. */
function entryCopy(text: string, title: string): string {
  const lines = text.split('\n').flatMap((line) => {
    const key = /^[ \t]*([a-z-]+)[ \t]/u.exec(line)?.[1]
    if (key === 'title' || key === 'id') return []
    if (line.startsWith('#')) return []
    return key === 'sort-key' ? ['sort-key zz-passthrough-studio'] : [line]
  })
  const head = [
    '# Written by Passthrough Studio, step 3: the default entry of that day, to fall back on.',
    `title ${title} (${TITLE})`,
  ]
  return addEntryOptions([...head, ...lines].join('\n'), [RESCUE_WORD])
}
