import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { chooseIfFits } from '#renderer/state/studio-store.ts'
import type { Forward } from '#shared/vm/options/network.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { Group, TypedField } from './definition/field.tsx'
import { Tick } from './definition/options.tsx'

const REMOTE_DESKTOP = 3389
const FIRST_PORT = 13_389
const PORT = { width: 150 }

/** Sends the ports, if they fit; otherwise the reason why they do not. */
function chooseForwards(choices: Choices, forwards: Forward[]): string | null {
  return chooseIfFits({ ...choices, network: { ...choices.network, forwards } })
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
      <Protocol value={forward.protocol} choose={(protocol) => void change({ protocol })} />
      <TypedField
        label="On this host"
        value={String(forward.hostPort)}
        send={(text) => change({ hostPort: Number(text) })}
        sx={PORT}
      />
      <TypedField
        label="In the guest"
        value={String(forward.guestPort)}
        send={(text) => change({ guestPort: Number(text) })}
        sx={PORT}
      />
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

function Protocol({ value, choose }: { value: Forward['protocol']; choose: (protocol: Forward['protocol']) => void }) {
  return (
    <TextField
      select
      label="Protocol"
      value={value}
      onChange={(event) => choose(event.target.value === 'udp' ? 'udp' : 'tcp')}
      sx={{ width: 110 }}
    >
      <MenuItem value="tcp">TCP</MenuItem>
      <MenuItem value="udp">UDP</MenuItem>
    </TextField>
  )
}
