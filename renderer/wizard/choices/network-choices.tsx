import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Typography from '@mui/material/Typography'
import { call, useSnapshot } from '../../stores/studio-store.ts'

/** Step 7: private network; the bridge is named and honestly not there yet. */
export function NetworkChoices() {
  const { choices } = useSnapshot()
  return (
    <RadioGroup
      aria-label="Network"
      value={choices.network.mode}
      onChange={() => void call('choose', { ...choices, network: { mode: 'user' } })}
    >
      <FormControlLabel
        value="user"
        control={<Radio size="small" />}
        label={<Typography variant="body2">Private network with NAT, inside QEMU. No host change.</Typography>}
      />
      <FormControlLabel
        value="bridge"
        disabled
        control={<Radio size="small" />}
        label={<Typography variant="body2">Bridge with automatic rollback: not handled yet.</Typography>}
      />
    </RadioGroup>
  )
}
