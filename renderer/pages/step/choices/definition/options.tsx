import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { Fragment, type ReactNode } from 'react'
import { useShownAtOnce } from '#renderer/state/use-shown-at-once.ts'
import type { DecisionView } from '#shared/vm/options/topic.ts'

export interface Option<Id extends string> {
  id: Id
  title: string
  text: string
  blocked: string | null
}

/** One of several; what cannot be taken on this host says why. */
export function OptionGroup<Id extends string>({
  label,
  value,
  options,
  choose,
  detail = null,
}: {
  label: string
  value: Id
  options: readonly Option<Id>[]
  choose: (id: Id) => void
  /** Shown below the one that is chosen. */
  detail?: ReactNode
}) {
  const [shown, chooseShown] = useShownAtOnce(value, choose)
  const pick = (id: string) => {
    const found = options.find((option) => option.id === id)
    if (found !== undefined) chooseShown(found.id)
  }
  return (
    <RadioGroup aria-label={label} value={shown} onChange={(_event, id) => pick(id)}>
      {options.map(({ id, title, text, blocked }) => (
        <Fragment key={id}>
          <FormControlLabel
            value={id}
            disabled={blocked !== null}
            control={<Radio size="small" />}
            label={<Words title={title} text={blocked ?? text} />}
            sx={{ alignItems: 'flex-start', mr: 0 }}
          />
          {id === shown ? detail : null}
        </Fragment>
      ))}
    </RadioGroup>
  )
}

/** The same where room is short: one of several in a list, with what the chosen one means below it. */
export function OptionField<Id extends string>({
  label,
  value,
  options,
  choose,
}: {
  label: string
  value: Id
  options: readonly Option<Id>[]
  choose: (id: Id) => void
}) {
  const chosen = options.find(({ id }) => id === value)
  return (
    <TextField
      select
      label={label}
      value={value}
      helperText={chosen?.blocked ?? chosen?.text}
      onChange={(event) => {
        const found = options.find(({ id }) => id === event.target.value)
        if (found !== undefined) choose(found.id)
      }}
      sx={{ width: 240 }}
    >
      {options.map(({ id, title, blocked }) => (
        <MenuItem key={id} value={id} disabled={blocked !== null}>
          {title}
        </MenuItem>
      ))}
    </TextField>
  )
}

/** Yes or no, with the reason beside it. */
export function Tick({
  title,
  text,
  checked,
  blocked = null,
  choose,
}: {
  title: string
  text: string
  checked: boolean
  blocked?: string | null
  choose: (checked: boolean) => void
}) {
  const [shown, pick] = useShownAtOnce(checked, choose)
  return (
    <FormControlLabel
      // What was chosen once and cannot be any more can still be taken back.
      disabled={blocked !== null && !shown}
      control={<Checkbox size="small" checked={shown} onChange={(_event, on) => pick(on)} />}
      label={<Words title={title} text={blocked ?? text} />}
      sx={{ alignItems: 'flex-start', display: 'flex', mr: 0 }}
    />
  )
}

/** What was decided, with the reason, and may be chosen otherwise. */
export function DecisionTick({
  title,
  decision,
  blocked = null,
  choose,
}: {
  title: string
  decision: DecisionView
  blocked?: string | null
  choose: (on: boolean) => void
}) {
  return (
    <Tick title={title} text={decision.reason} checked={decision.value === 'on'} blocked={blocked} choose={choose} />
  )
}

function Words({ title, text }: { title: string; text: string }) {
  return (
    <Box sx={{ pt: 0.875, pb: 0.25 }}>
      <Typography variant="body2" component="span" sx={{ fontWeight: 600 }}>
        {title}
      </Typography>
      <Typography variant="body2" component="span" sx={{ ml: 1, color: 'text.secondary' }}>
        {text}
      </Typography>
    </Box>
  )
}
