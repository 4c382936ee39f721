import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { choose } from '#renderer/state/studio-store.ts'
import type { Forward } from '#shared/vm/options/network.ts'
import { type Choices, choices as choicesSchema } from '#shared/wizard/choices.ts'
import { Group } from './definition/field.tsx'
import { Tick } from './definition/options.tsx'

const REMOTE_DESKTOP = 3389
const FIRST_PORT = 13_389

/** Sends the ports, if they fit; otherwise the reason why they do not. */
function chooseForwards(choices: Choices, forwards: Forward[]): string | null {
  const parsed = choicesSchema.safeParse({ ...choices, network: { ...choices.network, forwards } })
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'This does not fit.'
  void choose(parsed.data)
  return null
}

/** Ports of this host by which a guest on its private network is reached. */
export function Forwards({ choices }: { choices: Choices }) {
  const { forwards } = choices.network
  const add = () => {
    let hostPort = FIRST_PORT
    while (forwards.some((one) => one.hostPort === hostPort)) hostPort += 1
    chooseForwards(choices, [...forwards, { protocol: 'tcp', hostPort, guestPort: REMOTE_DESKTOP, everyone: false }])
  }
  return (
    <Box sx={{ mt: 1.5 }}>
      <Group title="Ports of this host that lead to the guest">
        {forwards.map((one, index) => (
          <ForwardRow key={`${one.protocol} ${one.hostPort}`} choices={choices} forward={one} index={index} />
        ))}
        <Button size="small" onClick={add}>
          Add a port
        </Button>
      </Group>
    </Box>
  )
}

function ForwardRow({ choices, forward, index }: { choices: Choices; forward: Forward; index: number }) {
  const { forwards } = choices.network
  const change = (part: Partial<Forward>) =>
    chooseForwards(
      choices,
      forwards.map((one, at) => (at === index ? { ...one, ...part } : one)),
    )
  const named = `Port ${forward.hostPort}`
  return (
    <Box
      role="group"
      aria-label={named}
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 2, py: 1 }}
    >
      <TextField
        select
        label="Protocol"
        value={forward.protocol}
        onChange={(event) => void change({ protocol: event.target.value === 'udp' ? 'udp' : 'tcp' })}
        sx={{ width: 110 }}
      >
        <MenuItem value="tcp">TCP</MenuItem>
        <MenuItem value="udp">UDP</MenuItem>
      </TextField>
      <PortField label="On this host" value={forward.hostPort} change={(hostPort) => change({ hostPort })} />
      <PortField label="In the guest" value={forward.guestPort} change={(guestPort) => change({ guestPort })} />
      <Tick
        title="Other machines too"
        text=""
        checked={forward.everyone}
        choose={(everyone) => void change({ everyone })}
      />
      <Button
        variant="text"
        color="inherit"
        onClick={() =>
          void chooseForwards(
            choices,
            forwards.filter((_, at) => at !== index),
          )
        }
      >
        {`Leave out port ${forward.hostPort}`}
      </Button>
    </Box>
  )
}

/** A port while it is typed; sent on leaving the field, and only if it fits. */
function PortField({
  label,
  value,
  change,
}: {
  label: string
  value: number
  change: (port: number) => string | null
}) {
  const [text, setText] = useState(String(value))
  const [error, setError] = useState<string | null>(null)
  return (
    <TextField
      label={label}
      value={text}
      error={error !== null}
      helperText={error}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => setError(text === String(value) ? null : change(Number(text)))}
      sx={{ width: 150 }}
    />
  )
}
