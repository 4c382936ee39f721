import Typography from '@mui/material/Typography'
import { call } from '#renderer/state/studio-store.ts'
import { Question } from '#renderer/ui/question.tsx'
import type { DiskSnapshot } from '#shared/vm/disk-snapshots.ts'
import { backWords, lackWords } from './snapshot-words.ts'

interface AboutSnapshot {
  snapshot: DiskSnapshot
  onClose: () => void
  /** The answer was yes, and what it asked for is over. */
  after: () => void
}

/** What goes back, what does not, and that nothing is lost by it. */
export function GoBackQuestion({ snapshot, onClose, after }: AboutSnapshot) {
  const { name, at } = snapshot
  const lacking = lackWords(snapshot)
  return (
    <Question
      title={`Go back to “${name}”?`}
      yes="Go back"
      no="Stay"
      onYes={() => void call('snapshots.goBack', name).then(after)}
      onClose={onClose}
    >
      <Typography variant="body2">
        {`What it was on ${new Date(at).toLocaleString()} comes back: ${backWords(snapshot)}. `}
        What they are now is kept first, as a snapshot called “before-going-back-” and the time.
      </Typography>
      {lacking === null ? null : (
        <Typography variant="body2" sx={{ mt: 1, fontWeight: 600 }}>
          {lacking}
        </Typography>
      )}
    </Question>
  )
}

export function RemoveQuestion({ snapshot, onClose, after }: AboutSnapshot) {
  const { name, at } = snapshot
  return (
    <Question
      title={`Delete the snapshot “${name}”?`}
      yes="Delete"
      no="Keep it"
      danger
      onYes={() => void call('snapshots.remove', name).then(after)}
      onClose={onClose}
    >
      <Typography variant="body2">
        {`What the VM was on ${new Date(at).toLocaleString()} is lost for good. `}
        The VM as it is now and the other snapshots stay. Much data may take minutes.
      </Typography>
    </Question>
  )
}
