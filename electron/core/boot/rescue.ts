import { OWN_FILES, RESCUE_ENTRY, RESCUE_WORD } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { BootEntry, Facts, FoundLoader } from '#shared/facts/facts.ts'
import { addEntryOptions } from '#shared/facts/loader-entry.ts'
import { wantFile } from '#shared/plan/want-file.ts'
import type { Rescue } from './loaders/loader.ts'

const TITLE = 'rescue, without Passthrough Studio'
const REASON = 'A second entry that starts without what this program adds; it is never the default.'
/** The marker is cut off again by the script itself, as in GRUB's own 40_custom. */
const HEAD = [
  '#!/bin/sh',
  '# Written by Passthrough Studio, step 3: the default entry of that day, to fall back on.',
  'sed \'1,/^# entry$/d\' "$0"',
  'exit 0',
  '# entry',
]

function exists(facts: Facts, path: string): boolean {
  const file = facts.files[path]
  return file !== undefined && file !== null
}

/**
 * A script in /etc/grub.d that prints a copy of the present default entry. grub-mkconfig puts it last, so that
 * entries chosen by number or by name stay what they are. The copy keeps today's kernel and root.
 */
export function grubRescue(facts: Facts, { defaultEntry }: FoundLoader): Rescue {
  const path = OWN_FILES.grubRescue
  if (exists(facts, path)) return { kind: 'entry', path, change: null }
  if (isUnknown(defaultEntry) || !/^\s*menuentry /u.test(defaultEntry.text)) return noEntry
  const text = [...HEAD, grubCopy(defaultEntry), ''].join('\n')
  return { kind: 'entry', path, change: wantFile(facts, { path, text, mode: 0o755, reason: REASON }) }
}

const noEntry: Rescue = {
  kind: 'none',
  text: 'The default entry cannot be copied, so there is no rescue entry. In the boot menu, "e" lets you delete arguments once.',
}

function grubCopy({ text, title }: BootEntry): string {
  const indent = /^\s*/u.exec(text)?.[0] ?? ''
  return text
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .map((line, index) => (index === 0 ? renamed(line, title) : line))
    .map((line) => (/^\s*linux(16|efi)?\s/u.test(line) ? `${line.trimEnd()} ${RESCUE_WORD}` : line))
    .join('\n')
}

/** A title and an id of its own: a default chosen by name must not find this entry. */
function renamed(header: string, title: string): string {
  const rest = header
    .replace(/^menuentry\s+(?:'[^']*'|"[^"]*"|\S+)/u, '')
    .replace(/\$\{?menuentry_id_option\}?\s+\S+\s*|--id[ =]\S+\s*/u, '')
  return `menuentry '${title.replaceAll("'", '')} (${TITLE})'${rest.replace(/\s*\{$/u, '')} --id passthrough-studio-rescue {`
}

/** A copy of the default entry's file under a name of ours, beside it. */
export function entryRescue(facts: Facts, { id, defaultEntry }: FoundLoader): Rescue {
  const at = isUnknown(defaultEntry) ? -1 : defaultEntry.source.indexOf('/loader/entries/')
  if (isUnknown(defaultEntry) || at < 0) return noEntry
  const path = `${defaultEntry.source.slice(0, at)}/loader/entries/${RESCUE_ENTRY}`
  if (exists(facts, path)) return { kind: 'entry', path, change: null }
  const sortKey = /^[ \t]*sort-key[ \t]/mu.test(defaultEntry.text)
  if (defaultEntry.chosenBy === 'order' && (id === 'grubby' || !sortKey)) return wouldLead
  return { kind: 'entry', path, change: wantFile(facts, { path, text: entryCopy(defaultEntry), reason: REASON }) }
}

const wouldLead: Rescue = {
  kind: 'none',
  text: 'Nothing names the default entry here, so another entry could become the default by its place; none is added. In the boot menu, "e" lets you delete arguments once.',
}

/** The last sort key there is keeps it at the end; a copied boot counter or id would take it for the same entry. */
function entryCopy({ text, title }: BootEntry): string {
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
