import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import Typography from '@mui/material/Typography'
import { call, useSnapshot } from '../../stores/studio-store.ts'

/** Step 5: whether the binding comes back at each boot. */
export function BindChoices() {
  const { choices } = useSnapshot()
  return (
    <FormControlLabel
      control={
        <Checkbox
          size="small"
          checked={choices.bind.atBoot}
          onChange={(_event, atBoot) => void call('choose', { ...choices, bind: { atBoot } })}
        />
      }
      label={
        <Typography variant="body2">
          Also bind these functions at each boot, by address, before any other driver can take them.
        </Typography>
      }
    />
  )
}
