import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { LANGUAGE_ROWS, REGION_ROWS } from '#shared/vm/answers/places.ts'
import { TIME_ZONE_ROWS } from '#shared/vm/answers/time-zones.ts'
import type { SetupAnswers } from '#shared/vm/options/answers.ts'
import { pathOrNull, TypedField } from '../field.tsx'

export interface AnswersProps {
  answers: SetupAnswers
  /** Takes a part in; returns why it does not fit, null: it does. */
  set: (part: Partial<SetupAnswers>) => string | null
}

/** Fields side by side. */
export const ROW = { display: 'flex', flexWrap: 'wrap', gap: 2, pt: 1.5 } as const

/** Language, region, keyboard and time zone. */
export function Places({ answers, set }: AnswersProps) {
  return (
    <Box sx={ROW}>
      <Pick
        label="Language of Windows"
        hint="It has to be that of the disc."
        value={answers.language}
        rows={LANGUAGE_ROWS}
        pick={(language) => set({ language })}
      />
      <Pick label="Region" value={answers.region} rows={REGION_ROWS} pick={(region) => set({ region })} />
      <Pick label="Keyboard" value={answers.keyboard} rows={REGION_ROWS} pick={(keyboard) => set({ keyboard })} />
      <Pick label="Time zone" value={answers.timeZone} rows={TIME_ZONE_ROWS} pick={(timeZone) => set({ timeZone })} />
    </Box>
  )
}

/** Programs of others for the guest, from files that the admin has. */
export function Installers({ answers, set }: AnswersProps) {
  return (
    <Box sx={{ ...ROW, pt: 0, pb: 2 }}>
      <TypedField
        label="Installer of the Looking Glass host"
        value={answers.lookingGlass ?? ''}
        hint="Absolute path of its .exe on this host; it is copied onto the disc. Empty: none."
        send={(text) => set({ lookingGlass: pathOrNull(text) })}
      />
      <TypedField
        label="Installer of Sunshine"
        value={answers.sunshine ?? ''}
        hint="The same, to see the guest by Moonlight."
        send={(text) => set({ sunshine: pathOrNull(text) })}
      />
    </Box>
  )
}

interface PickProps<Id extends string> {
  label: string
  value: Id
  rows: readonly { id: Id; name: string }[]
  pick: (id: Id) => void
  hint?: string
}

/** One of a closed list. */
export function Pick<Id extends string>({ label, value, rows, pick, hint }: PickProps<Id>) {
  return (
    <TextField
      select
      label={label}
      value={value}
      helperText={hint}
      onChange={({ target }) => {
        const found = rows.find(({ id }) => id === target.value)
        if (found !== undefined) pick(found.id)
      }}
      sx={{ minWidth: 250, flex: 1 }}
    >
      {rows.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
