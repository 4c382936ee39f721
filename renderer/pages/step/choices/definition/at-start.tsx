import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { serviceName } from '#shared/vm/options/at-start.ts'
import { chooseMachine, Group } from './field.tsx'
import type { Part } from './fold.tsx'
import { Tick } from './options.tsx'

const MINUTES = [2, 5, 10, 20] as const
const NEVER = 'never'

/** What is stopped on the host while the VM has its card, and who brings the only picture back. */
export function AtStartChoices({ view, choices }: Part) {
  if (view.atStart === null) return null
  const { title, services, onlyScreen } = view.atStart
  const { stopAtStart } = choices.definition
  const choose = (id: string, on: boolean) =>
    void chooseMachine(choices, { stopAtStart: on ? [...stopAtStart, id] : stopAtStart.filter((one) => one !== id) })
  return (
    <Group title={`While the VM has ${title}`}>
      <Typography variant="body2" color="text.secondary">
        The VM’s start takes it from the host, its end gives it back. What uses it has to end first.
      </Typography>
      {services.map(({ id, text }) => (
        <Tick
          key={id}
          title={`Stop ${id}`}
          text={text}
          checked={stopAtStart.includes(id)}
          choose={(on) => choose(id, on)}
        />
      ))}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, pt: 1.5 }}>
        <OtherService add={(id) => choose(id, true)} />
        {onlyScreen ? <ComeBack choices={choices} /> : null}
      </Box>
    </Group>
  )
}

/** A service that this program does not know as one that uses cards. */
function OtherService({ add }: { add: (id: string) => void }) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const take = () => {
    if (text === '') return setError(null)
    const parsed = serviceName.safeParse(text)
    setError(parsed.success ? null : (parsed.error.issues[0]?.message ?? 'This does not fit.'))
    if (!parsed.success) return
    add(parsed.data)
    setText('')
  }
  return (
    <TextField
      label="Another service to stop"
      value={text}
      error={error !== null}
      helperText={error ?? 'Its unit, e.g. ollama.service'}
      onChange={(event) => setText(event.target.value.trim())}
      onBlur={take}
      sx={{ minWidth: 220 }}
    />
  )
}

function ComeBack({ choices }: Pick<Part, 'choices'>) {
  const { comeBackMinutes: minutes } = choices.definition
  const values = minutes === null || MINUTES.some((one) => one === minutes) ? MINUTES : [...MINUTES, minutes]
  return (
    <TextField
      select
      label="If the guest is not up, the picture comes back"
      value={minutes ?? NEVER}
      helperText="Up means: its guest agent answers. The VM is ended then, whatever became of this window."
      onChange={({ target: { value } }) =>
        void chooseMachine(choices, { comeBackMinutes: value === NEVER ? null : Number(value) })
      }
      sx={{ minWidth: 340, flex: 1 }}
    >
      <MenuItem value={NEVER}>when somebody ends the VM</MenuItem>
      {values.map((one) => (
        <MenuItem key={one} value={one}>{`after ${one} minutes`}</MenuItem>
      ))}
    </TextField>
  )
}
