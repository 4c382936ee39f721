import { gatherFacts } from '#host/gather/gather.ts'
import type { Host } from '#host/host.ts'
import { logPath } from '#host/log.ts'
import { Recorder } from '#host/recorded/recorder.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { withImages } from '../chosen-images.ts'
import { readJournal } from '../session/journal-reader.ts'
import type { SavedState } from '../session/saved-state.ts'

/** Records everything this program reads of a host, with the choices and proofs it has. Not redacted. */
export async function recordHost(host: Host, saved: Pick<SavedState, 'choices' | 'proofs'>): Promise<Recording> {
  const recorder = new Recorder(host, 'recording', 'Made by facts --record; not redacted.')
  await withImages(recorder, await gatherFacts(recorder, saved.proofs), saved.choices)
  await readJournal(recorder)
  // This program's own log: of no use to a replay, but to the person who helps.
  if (host.kind === 'real') await recorder.read(logPath())
  const { choices, proofs } = saved
  return { ...recorder.recording, saved: { choices, proofs } }
}
