import Typography from '@mui/material/Typography'
import { call } from '../state/studio-store.ts'
import { AskFirst } from '../ui/question.tsx'

/** Starts the guest over, as a reset button does; asks first, as the tray does. */
export function Reset({ name, disabled }: { name: string; disabled: boolean }) {
  return (
    <AskFirst
      label="Reset…"
      button={{ variant: 'outlined', color: 'inherit', disabled }}
      title={`Reset “${name}”?`}
      yes="Reset"
      no="Keep it running"
      danger
      onYes={() => void call('vms.reset', name)}
    >
      <Typography variant="body2">
        The guest starts over at once, as by the button on a computer’s front. Unsaved work in it is lost.
      </Typography>
    </AskFirst>
  )
}
