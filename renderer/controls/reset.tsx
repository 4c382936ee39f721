import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { call } from '../state/studio-store.ts'
import { Question } from '../ui/question.tsx'

/** Starts the guest over, as a reset button does; asks first, as the tray does. */
export function Reset({ name, disabled }: { name: string; disabled: boolean }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="outlined" color="inherit" disabled={disabled} onClick={() => setAsking(true)}>
        Reset…
      </Button>
      {asking ? (
        <Question
          title={`Reset “${name}”?`}
          yes="Reset"
          no="Keep it running"
          danger
          onYes={() => void call('vms.reset', name)}
          onClose={() => setAsking(false)}
        >
          <Typography variant="body2">
            The guest starts over at once, as by the button on a computer’s front. Unsaved work in it is lost.
          </Typography>
        </Question>
      ) : null}
    </>
  )
}
