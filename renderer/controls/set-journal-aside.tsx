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
          <Typography variant="body2">
            Changes can be made again then, with a new journal. Undo does not take back any more what the damaged lines
            are about; the rescue script that goes with the journal still does. Nothing is deleted: the notice says
            where they lie.
          </Typography>
        </Question>
      ) : null}
    </>
  )
}
