import { rescueEntryPath } from '#core/texts/boot/rescue-texts.ts'
import { wantText } from '#core/texts/want-text.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { BootEntry, FoundLoader } from '#shared/facts/boot/boot-loader.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Rescue } from './loaders/loader.ts'

const REASON = 'A second entry that starts without what this program adds; it is never the default.'

function exists(facts: Facts, path: string): boolean {
  const file = facts.files[path]
  return file !== undefined && file !== null
}

/** Returns the entry's title as it can stand on one line. */
function titleOf({ title }: BootEntry): string {
  return title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 300)
}

/** Returns a script in /etc/grub.d that prints a copy of the present default entry. */
export function grubRescue(facts: Facts, { defaultEntry }: FoundLoader): Rescue {
  const path = OWN_FILES.grubRescue
  if (exists(facts, path)) return { kind: 'entry', path, change: null }
  if (isUnknown(defaultEntry)) return noEntry
  const { source, text } = defaultEntry
  const title = titleOf(defaultEntry)
  const change = wantText(facts, { of: 'grub-rescue', menu: source, entry: text, title }, REASON, text)
  return change === null ? noEntry : { kind: 'entry', path, change }
}

const noEntry: Rescue = {
  kind: 'none',
  text: 'The default entry cannot be copied, so there is no rescue entry. In the boot menu, "e" lets you delete arguments once.',
}

/** Returns a copy of the default entry's file under a name of ours, beside it. */
export function entryRescue(facts: Facts, { id, defaultEntry }: FoundLoader): Rescue {
  if (isUnknown(defaultEntry)) return noEntry
  const { source, text } = defaultEntry
  const title = titleOf(defaultEntry)
  const path = rescueEntryPath(source)
  if (path === null) return noEntry
  if (exists(facts, path)) return { kind: 'entry', path, change: null }
  const sortKey = /^[ \t]*sort-key[ \t]/mu.test(text)
  if (defaultEntry.chosenBy === 'order' && (id === 'grubby' || !sortKey)) return wouldLead
  return { kind: 'entry', path, change: wantText(facts, { of: 'loader-rescue', source, title }, REASON, text) }
}

const wouldLead: Rescue = {
  kind: 'none',
  text: 'Nothing names the default entry here, so another entry could become the default by its place; none is added. In the boot menu, "e" lets you delete arguments once.',
}
