import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import Typography from '@mui/material/Typography'
import { call, useSnapshot } from '../../stores/studio-store.ts'

/** Step 3: the one optional argument. */
export function BootChoices() {
  const { choices } = useSnapshot()
  const set = (hostPassthrough: boolean) =>
    void call('choose', { ...choices, boot: { ...choices.boot, hostPassthrough } })
  return (
    <FormControlLabel
      control={
        <Checkbox size="small" checked={choices.boot.hostPassthrough} onChange={(_event, checked) => set(checked)} />
      }
      label={
        <Typography variant="body2">
          Also add iommu=pt: devices the host keeps bypass translation. Can help host I/O; not needed to hand over a
          card.
        </Typography>
      }
    />
  )
}
