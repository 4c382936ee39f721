import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { shortAddress } from '#shared/facts/pci.ts'
import type { UnitView } from '#shared/units/unit-view.ts'

const MARKS = { ready: 'ok', 'needs-work': 'needs-work', blocked: 'blocked', unknown: 'unknown' } as const
const WORDS = {
  ready: 'ready',
  'needs-work': 'can be passed after other steps',
  blocked: 'cannot be passed',
  unknown: 'unknown',
} as const

/** Step 4: which card goes to the VM. */
export function GpuChoices() {
  const { choices, cards } = useSnapshot('choices', 'cards')
  const only = cards.filter((gpu) => gpu.verdict.status !== 'blocked')
  const chosen = choices.cards.address ?? (only.length === 1 ? (only[0]?.address ?? '') : '')
  if (cards.length === 0) return <Typography variant="body2">No card was found.</Typography>
  const card = cards.find((gpu) => gpu.address === chosen && gpu.verdict.status !== 'blocked')
  return (
    <>
      <RadioGroup
        aria-label="Card"
        value={chosen}
        onChange={(_event, address) => void choose({ ...choices, cards: { address } })}
      >
        {cards.map((gpu) => (
          <FormControlLabel
            key={gpu.address}
            value={gpu.address}
            disabled={gpu.verdict.status === 'blocked'}
            control={<Radio size="small" />}
            label={<Card gpu={gpu} />}
            sx={{ alignItems: 'flex-start', mb: 1, mr: 0 }}
            slotProps={{ typography: { component: 'div' } }}
          />
        ))}
      </RadioGroup>
      {card === undefined ? null : <Companions gpu={card} />}
    </>
  )
}

function Card({ gpu }: { gpu: UnitView }) {
  return (
    <Box sx={{ pt: 0.75 }}>
      <Typography variant="body2" sx={{ fontWeight: 500 }}>
        {gpu.name} at <Mono>{shortAddress(gpu.address)}</Mono>
        {gpu.iommuGroup === null ? '' : `, IOMMU group ${gpu.iommuGroup}`}
      </Typography>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
        <StatusMark status={MARKS[gpu.verdict.status]} size={13} />
        <Typography variant="caption">{WORDS[gpu.verdict.status]}</Typography>
      </Box>
      {gpu.functions.map((device) => (
        <Typography key={device.address} variant="caption" color="text.secondary" component="div">
          <Mono>
            {shortAddress(device.address)} {device.vendorId}:{device.deviceId}
          </Mono>{' '}
          {device.name ?? 'unknown device'}
          {device.board === null ? '' : `, ${device.board}`} · {device.driver ?? 'no driver'}
        </Typography>
      ))}
    </Box>
  )
}

/** Endpoints that share the card's groups and that the host can spare: they go along when ticked. */
function Companions({ gpu }: { gpu: UnitView }) {
  const { choices, groupMates } = useSnapshot('choices', 'groupMates')
  const { companions = [] } = choices.cards
  const others = groupMates.filter((mate) => gpu.foreignEndpoints.includes(mate.address))
  const toggle = (address: string, along: boolean) => {
    const kept = companions.filter((other) => other !== address)
    const gpuChoice = { ...choices.cards, address: gpu.address, companions: along ? [...kept, address] : kept }
    void choose({ ...choices, cards: gpuChoice })
  }
  return others.map((mate) => (
    <FormControlLabel
      key={mate.address}
      sx={{ display: 'flex' }}
      control={
        <Checkbox
          size="small"
          checked={companions.includes(mate.address)}
          onChange={(_event, along) => toggle(mate.address, along)}
        />
      }
      label={
        <Typography variant="caption">
          Hand over <Mono>{shortAddress(mate.address)}</Mono> ({mate.kind}) too: it shares the IOMMU group.
        </Typography>
      }
    />
  ))
}
