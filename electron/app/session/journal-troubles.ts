import { citeFile } from '#core/evidence.ts'
import { manualFix, warn } from '#core/steps/step.ts'
import { JOURNAL_FILE, OURS_ALONE } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { doubtText } from '#shared/plan/journal-rows.ts'
import type { Finding, Fix } from '#shared/wizard/finding.ts'
import type { JournalRead } from './journal-reader.ts'

/** What is wrong with the journal. It bars changes, neither looks nor VMs nor what can be taken back. */
export function journalTroubles({ there, unreadable, doubts, entries }: JournalRead, facts: Facts): Finding[] {
  if (unreadable !== null)
    return [
      doubt(
        'The journal cannot be read.',
        unreadable,
        manualFix(
          'Keep the file: it tells how to go back. See whether its disk gives errors (journalctl -k), then check again.',
        ),
      ),
    ]
  if (!there) return missing(facts)
  const fix = wayOut(entries.filter(({ reverted }) => reverted === null).length)
  return doubts
    .filter(({ bars }) => bars)
    .map((each, index) => {
      const line = `line ${each.number}`
      // One button is enough, and one word about it.
      return doubt(doubtText(each), line, index === 0 ? fix : manualFix('The same as above.'), line)
    })
}

/** What undo still knows is taken back first: set aside, it would be forgotten. */
function wayOut(open: number): Fix {
  const update = 'Update this program if another version wrote the line.'
  if (open > 0)
    return manualFix(
      `${update} Else take everything back, and leave as it is what cannot be taken back; then the journal can be set aside.`,
    )
  const text = `${update} Else set the journal aside; then changes can be made again.`
  return { text, step: null, action: 'set-journal-aside' }
}

function doubt(text: string, said: string, fix: Fix, about: string | null = null): Finding {
  return { ...warn('journal-doubt', text, [citeFile(JOURNAL_FILE, said)], fix), about }
}

/** Files of this program on a host whose journal is lost: nothing tells any more what was there before them. */
function missing({ files }: Facts): Finding[] {
  const found = OURS_ALONE.filter((path) => {
    const file = files[path]
    return file !== undefined && file !== null && !isUnknown(file)
  })
  if (found.length === 0) return []
  const text = `The journal is not there, but files of this program are: ${found.join(', ')}. Undo cannot take them back.`
  const fix = `Bring ${JOURNAL_FILE} and the directory beside it back from a backup, or remove the files by hand and have boot menu and initramfs built anew.`
  return [warn('journal-missing', text, [citeFile(JOURNAL_FILE, 'not there')], manualFix(fix))]
}
