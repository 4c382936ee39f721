import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Command } from '../arguments.ts'

/** What has to be typed, as for a plan that can do harm. */
const TYPED = 'journal'

/** Sets a journal aside whose lines bar changes, once it is confirmed. */
export async function setJournalAside(studio: Studio, { confirm, json }: Command): Promise<number> {
  const first = studio.current.journalTroubles.find(({ fix }) => fix?.action === 'set-journal-aside')
  // Before a password is asked for; the helper looks for itself.
  if (first === undefined) {
    const [trouble] = studio.current.journalTroubles
    throw new ProblemError('refused', trouble?.text ?? 'Nothing is wrong with the journal.', {
      hint: trouble?.fix?.text ?? 'Nothing was changed.',
    })
  }
  if (confirm !== TYPED)
    throw new ProblemError('refused', `${first.text} ${MEANS}`, {
      hint: `Say --confirm ${TYPED} to set it aside. Nothing was changed.`,
    })
  await studio.setJournalAside()
  const { notice } = studio.current
  stdout.write(json ? `${JSON.stringify({ notice })}\n` : `${notice ?? ''}\n`)
  return 0
}

const MEANS =
  'Once the journal is set aside, undo does not take back any more what its damaged lines are about; the rescue script that goes with it still does.'
