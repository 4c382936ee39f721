import type { ButtonProps } from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { call } from '../state/studio-store.ts'
import { useWorking } from '../state/use-snapshot.ts'
import { AskFirst } from '../ui/question.tsx'

/** Sets a journal aside that bars changes; says first what is over then. */
export function SetJournalAside({ sx }: Pick<ButtonProps, 'sx'>) {
  const working = useWorking()
  return (
    <AskFirst
      label="Set the journal aside…"
      button={{ variant: 'text', sx, disabled: working }}
      title="Set the journal aside?"
      yes="Set it aside"
      no="Keep it in place"
      danger
      onYes={() => void call('plan.setJournalAside', null)}
    >
      <Typography variant="body2" sx={{ mb: 1 }}>
        The journal is this program’s record of what it changed on this host; undo goes by it. A new one begins, and
        changes can be made again.
      </Typography>
      <Typography variant="body2">
        Undo does not take back any more what the damaged lines are about. The rescue script, if there is one, moves
        with the journal and still does. Nothing is deleted; you are told where it lies.
      </Typography>
    </AskFirst>
  )
}
