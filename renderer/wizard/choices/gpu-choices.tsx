import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Typography from '@mui/material/Typography'
import { shortAddress } from '../../../shared/pci.ts'
import type { GpuView } from '../../../shared/wizard.ts'
import { Mono } from '../../components/mono.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { call, useSnapshot } from '../../stores/studio-store.ts'

const MARKS = { ready: 'ok', 'needs-work': 'needs-work', blocked: 'blocked', unknown: 'unknown' } as const
const WORDS = {
  ready: 'ready',
  'needs-work': 'can be passed after the steps below',
  blocked: 'cannot be passed',
  unknown: 'unknown',
} as const

/** Step 4: which card goes to the VM. */
export function GpuChoices() {
  const { choices, gpus } = useSnapshot()
  const only = gpus.filter((gpu) => gpu.verdict.status !== 'blocked')
  const chosen = choices.gpu.address ?? (only.length === 1 ? (only[0]?.address ?? '') : '')
  if (gpus.length === 0) return <Typography variant="body2">No card was found.</Typography>
  return (
    <RadioGroup
      aria-label="Card"
      value={chosen}
      onChange={(_event, address) => void call('choose', { ...choices, gpu: { address } })}
    >
      {gpus.map((gpu) => (
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
  )
}

function Card({ gpu }: { gpu: GpuView }) {
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
          {device.name ?? 'name not known'} · {device.driver ?? 'no driver'}
        </Typography>
      ))}
    </Box>
  )
}
