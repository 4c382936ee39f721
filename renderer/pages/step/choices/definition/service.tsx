import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { chooseMachine, Group } from './field.tsx'
import type { Part } from './fold.tsx'
import { OptionGroup, Tick } from './options.tsx'

const MINUTES = [1, 3, 5, 10, 30] as const

/** What a closed fold says of the VM as a service. */
export function serviceState({ view, choices: { definition } }: Part): string {
  if (view.serviceBlocked !== null) return 'none here'
  const boot = definition.autostart ? 'started at boot' : 'not started at boot'
  return `${boot}, ${minutesWords(definition.stopSeconds / 60)} for its shutdown`
}

/** How the VM lives with the host: its start at boot, its end with the host's, and the host's sleep. */
export function Service({ view, choices }: Part) {
  const { autostart, hostSleep } = choices.definition
  return (
    <Group title="With this host">
      <Typography variant="body2" color="text.secondary">
        {startWords(view)}
      </Typography>
      <Tick
        title="Start it when the host boots"
        text="Not after a start that failed; once it runs again by hand, at each boot again."
        checked={autostart}
        blocked={view.serviceBlocked}
        choose={(on) => void chooseMachine(choices, { autostart: on })}
      />
      <StopTime view={view} choices={choices} />
      <Typography variant="body2">When the host is to sleep while the VM runs</Typography>
      <OptionGroup
        label="While it runs, and the host is to sleep"
        value={hostSleep}
        options={SLEEP.map((option) => ({ ...option, blocked: view.serviceBlocked }))}
        choose={(id) => void chooseMachine(choices, { hostSleep: id })}
      />
    </Group>
  )
}

const SLEEP = [
  {
    id: 'waits',
    title: 'The host stays awake',
    text: 'as long as the VM runs: a card does not keep its state in sleep.',
  },
  { id: 'shuts-down', title: 'The VM shuts down first', text: 'within the minutes above.' },
  { id: 'ignores', title: 'The host sleeps', text: 'and the card may not work afterwards.' },
] as const

function startWords({ serviceBlocked, startAsks }: Part['view']): string {
  if (serviceBlocked !== null) return `Each start asks for an administrator’s password: ${serviceBlocked}`
  if (startAsks !== null)
    return `It is a service of this host. Each start asks for an administrator’s password: ${startAsks}`
  return 'It is a service of this host. Its user starts and stops it without a password; nobody else does.'
}

function StopTime({ view, choices }: Part) {
  const minutes = choices.definition.stopSeconds / 60
  const offered = [...new Set([...MINUTES, minutes])].sort((one, other) => one - other)
  return (
    <TextField
      select
      size="small"
      label="Time for its shutdown when the host shuts down"
      value={minutes}
      disabled={view.serviceBlocked !== null}
      helperText="Its guest is asked to shut down; after that time it is ended, and what it has not written is lost."
      onChange={(event) => void chooseMachine(choices, { stopSeconds: Number(event.target.value) * 60 })}
      sx={{ my: 1.5, minWidth: 340 }}
    >
      {offered.map((one) => (
        <MenuItem key={one} value={one}>
          {minutesWords(one)}
        </MenuItem>
      ))}
    </TextField>
  )
}

function minutesWords(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${Math.round(minutes * 10) / 10} minutes`
}
