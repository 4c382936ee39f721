import type { Proofs } from '../../shared/facts.ts'
import { gatherFacts } from '../host/gather.ts'
import type { Host } from '../host/host.ts'
import { Recorder } from '../host/recorder.ts'
import type { Recording } from '../host/recording.ts'
import { readJournal } from './journal-reader.ts'

/** Everything this program reads of a host, as a recording that replays it. Not redacted. */
export async function recordHost(host: Host, proofs: Proofs): Promise<Recording> {
  const recorder = new Recorder(host, 'recording', 'Made by facts --record; not redacted.')
  await gatherFacts(recorder, proofs)
  await readJournal(recorder)
  return recorder.recording
}
