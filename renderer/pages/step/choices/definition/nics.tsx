import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { isLibvirtBridge } from '#shared/facts/network.ts'
import { type ChosenNic, MORE_NICS } from '#shared/vm/options/network.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine } from './field.tsx'
import type { Part } from './fold.tsx'
import { firstFree, LeaveOut, withChanged, without } from './numbered.tsx'
import { OptionField } from './options.tsx'

const PRIVATE = 'user'
const ROW = { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 2, pb: 1.5, pt: 0.5 } as const

/** Says how many cards there are, for the closed fold. */
export function nicsState({ choices: { definition } }: Part): string {
  const models = [definition.nicModel, ...definition.moreNics.map(({ model }) => model)]
  return models.length === 1 ? `one, ${definition.nicModel}` : `${models.length}: ${models.join(', ')}`
}

/** The guest's network cards: the first, whose network step 7 chooses, and further ones. */
export function Nics({ view, choices }: Part) {
  const { nicModel, moreNics } = choices.definition
  const free = firstFree(MORE_NICS, moreNics)
  const add = (number: number) =>
    chooseMachine(choices, { moreNics: [...moreNics, { number, model: nicModel, bridge: null }] })
  return (
    <>
      <Box role="group" aria-label="Network card 1" sx={ROW}>
        <OptionField
          options={view.nicModels}
          label="Network card 1: kind"
          value={nicModel}
          choose={(model) => void chooseMachine(choices, { nicModel: model })}
        />
        <Typography variant="body2" sx={{ color: 'text.secondary', flex: 1, minWidth: 180, pt: 1 }}>
          Its network is chosen in step 7, with the ports of this host that lead to the guest.
        </Typography>
      </Box>
      {moreNics.map((nic) => (
        <MoreNic key={nic.number} view={view} choices={choices} nic={nic} />
      ))}
      {free === undefined ? null : (
        <Button size="small" onClick={() => void add(free)}>
          Add a network card
        </Button>
      )}
    </>
  )
}

function MoreNic({ view, choices, nic }: Part & { nic: ChosenNic }) {
  const others = choices.definition.moreNics
  const named = `Network card ${nic.number}`
  const changed = (part: Partial<ChosenNic>): Partial<Choices['definition']> => ({
    moreNics: withChanged(others, nic, part),
  })
  return (
    <Box role="group" aria-label={named} sx={ROW}>
      <OptionField
        options={view.nicModels}
        label={`${named}: kind`}
        value={nic.model}
        choose={(model) => void chooseMachine(choices, changed({ model }))}
      />
      <NetworkField
        label={`${named}: network`}
        value={nic.bridge}
        choose={(bridge) => void chooseMachine(choices, changed({ bridge }))}
      />
      <LeaveOut
        what={`network card ${nic.number}`}
        leave={() => void chooseMachine(choices, { moreNics: without(others, nic) })}
      />
    </Box>
  )
}

function NetworkField({
  label,
  value,
  choose,
}: {
  label: string
  value: string | null
  choose: (bridge: string | null) => void
}) {
  const { bridges } = useSnapshot('bridges')
  // One that is gone meanwhile is shown as what it is; a finding says that it is not there.
  const names = value === null || bridges.includes(value) ? bridges : [...bridges, value]
  return (
    <TextField
      select
      label={label}
      value={value ?? PRIVATE}
      helperText={networkWords(value)}
      onChange={(event) => choose(event.target.value === PRIVATE ? null : event.target.value)}
      sx={{ width: 240 }}
    >
      <MenuItem value={PRIVATE}>Private network</MenuItem>
      {names.map((name) => (
        <MenuItem key={name} value={name}>
          {`Bridge ${name}`}
        </MenuItem>
      ))}
    </TextField>
  )
}

function networkWords(bridge: string | null): string {
  if (bridge === null) return 'NAT inside QEMU; nobody reaches the guest by it.'
  return isLibvirtBridge(bridge)
    ? 'Libvirt’s network with NAT: this host and its VMs reach the guest.'
    : 'The guest is a machine of its own there.'
}
