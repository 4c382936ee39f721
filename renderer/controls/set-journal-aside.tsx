import Button, { type ButtonProps } from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { call } from '../state/studio-store.ts'
import { useWorking } from '../state/use-snapshot.ts'
import { Question } from '../ui/question.tsx'

/** Sets a journal aside that bars changes; says first what is over then. */
export function SetJournalAside({ sx }: Pick<ButtonProps, 'sx'>) {
  const [asking, setAsking] = useState(false)
  const working = useWorking()
  return (
    <>
      <Button variant="text" sx={sx} disabled={working} onClick={() => setAsking(true)}>
        Set the journal aside…
      </Button>
      {asking ? (
        <Question
          title="Set the journal aside?"
          yes="Set it aside"
          no="Keep it in place"
          danger
          onYes={() => void call('plan.setJournalAside', null)}
          onClose={() => setAsking(false)}
        >
          <Typography variant="body2" sx={{ mb: 1 }}>
            The journal is this program’s record of what it changed on this host; undo goes by it. A new one begins, and
            changes can be made again.
          </Typography>
          <Typography variant="body2">
            Undo does not take back any more what the damaged lines are about. The rescue script, if there is one, moves
            with the journal and still does. Nothing is deleted; you are told where it lies.
          </Typography>
        </Question>
      ) : null}
    </>
  )
}
