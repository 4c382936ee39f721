import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'

/** Step 5: whether the card moves now, and whether the binding comes back at each boot. */
export function BindChoices() {
  const { choices } = useSnapshot('choices')
  const { bind } = choices
  const set = (part: Partial<typeof bind>) => void choose({ ...choices, bind: { ...bind, ...part } })
  return (
    <FormGroup>
      <Option checked={bind.live} onChange={(live) => set({ live })}>
        Move the card now. Without this it moves at the next boot, also when a running desktop uses it.
      </Option>
      <Option checked={bind.atBoot} onChange={(atBoot) => set({ atBoot })}>
        Also bind these functions at each boot, by address, before any other driver can take them.
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
