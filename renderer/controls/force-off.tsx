import Typography from '@mui/material/Typography'
import { call } from '../state/studio-store.ts'
import { AskFirst } from '../ui/question.tsx'

/** Ends the VM as a power cut does, wherever the window offers that; asks first, as the tray does. */
export function ForceOff({ name, disabled = false }: { name: string; disabled?: boolean }) {
  return (
    <AskFirst
      label="Force off…"
      button={{ variant: 'outlined', color: 'error', disabled, sx: { whiteSpace: 'nowrap' } }}
      title={`Force “${name}” off?`}
      yes="Force off"
      no="Keep it running"
      danger
      onYes={() => void call('vms.forceOff', name)}
    >
      <Typography variant="body2">
        It ends at once, as by a power cut. Unsaved work in the guest is lost, and what it was writing or installing may
        stay half done.
      </Typography>
    </AskFirst>
  )
}
