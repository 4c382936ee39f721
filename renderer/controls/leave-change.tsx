import type { ButtonProps } from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { JournalRow } from '#shared/ipc/snapshot.ts'
import { call } from '../state/studio-store.ts'
import { useWorking } from '../state/use-snapshot.ts'
import { AskFirst } from '../ui/question.tsx'

/** Gives up on a change that could not be taken back; says first what is over then. */
export function LeaveChange({ row: { tx, index, text }, sx }: { row: JournalRow } & Pick<ButtonProps, 'sx'>) {
  const working = useWorking()
  return (
    <AskFirst
      label="Leave this one…"
      button={{ size: 'small', sx, disabled: working, 'aria-label': `Leave this one: ${text}` }}
      title="Leave this change as it is?"
      yes="Leave it as it is"
      no="Not now"
      danger
      onYes={() => void call('plan.leave', { tx, index })}
    >
      <Typography variant="body2" sx={{ mb: 1, overflowWrap: 'anywhere' }}>
        {text}
      </Typography>
      <Typography variant="body2">
        It stays on this host and counts as yours. Neither undo nor the rescue script takes it back any more.
      </Typography>
    </AskFirst>
  )
}
