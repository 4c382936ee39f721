import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { call } from '../state/studio-store.ts'
import { Question } from '../ui/question.tsx'

/** Ends the VM as a power cut does, wherever the window offers that; asks first, as the tray does. */
export function ForceOff({ name, disabled = false }: { name: string; disabled?: boolean }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        variant="outlined"
        color="error"
        disabled={disabled}
        onClick={() => setAsking(true)}
        sx={{ whiteSpace: 'nowrap' }}
      >
        Force off…
      </Button>
      {asking ? (
        <Question
          title={`Force “${name}” off?`}
          yes="Force off"
          no="Keep it running"
          danger
          onYes={() => void call('vms.forceOff', name)}
          onClose={() => setAsking(false)}
        >
          <Typography variant="body2">
            It ends at once, as by a power cut. Unsaved work in the guest is lost, and what it was writing or installing
            may stay half done.
          </Typography>
        </Question>
      ) : null}
    </>
  )
}
