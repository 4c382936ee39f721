import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'

/** Step 5: whether what is bound at each boot moves now; how each unit is reserved is chosen in step 4. */
export function BindChoices() {
  const { choices } = useSnapshot('choices')
  const { bind } = choices
  const set = (part: Partial<typeof bind>) => void choose({ ...choices, bind: { ...bind, ...part } })
  return (
    <FormGroup>
      <Option checked={bind.live} onChange={(live) => set({ live })}>
        Move now what is bound at each boot. Without this it moves at the next boot, also when a running desktop uses
        it.
      </Option>
    </FormGroup>
  )
}

function Option({
  checked,
  onChange,
  children,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  children: string
}) {
  return (
    <FormControlLabel
      control={<Checkbox size="small" checked={checked} onChange={(_event, on) => onChange(on)} />}
      label={<Typography variant="body2">{children}</Typography>}
    />
  )
}
