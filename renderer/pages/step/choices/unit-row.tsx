import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { shortAddress } from '#shared/facts/pci.ts'
import type { ReservedUnit, When } from '#shared/units/reserved-unit.ts'
import type { UnitView } from '#shared/units/unit-view.ts'
import { reservedUnits, toggled, withCompanion, withWhen } from './reservation.ts'

const MARKS = { ready: 'ok', 'needs-work': 'needs-work', blocked: 'blocked', unknown: 'unknown' } as const
const WORDS = {
  ready: 'ready',
  'needs-work': 'can be passed after other steps',
  blocked: 'cannot be passed',
  unknown: 'unknown',
} as const

const WAYS: readonly { id: When; title: string; text: string }[] = [
  { id: 'boot', title: 'At each boot', text: 'No driver of the host ever has it.' },
  { id: 'vm', title: 'Only while its VM runs', text: 'The host has it before and after.' },
  { id: 'now', title: 'Until the next reboot', text: 'To try it out.' },
]

interface Unit {
  address: string
  name: string
  functions: readonly string[]
  foreignEndpoints: readonly string[]
  iommuGroup: number | null
  status: UnitView['verdict']['status']
}

/** One unit of the host: whether VMs may have it, and how it is kept for them. */
export function UnitRow({ unit, children }: { unit: Unit; children?: ReactNode }) {
  const known = useSnapshot('choices', 'reserved')
  const { address, functions, status } = unit
  const mine = reservedUnits(known).find((one) => functions.includes(one.address))
  return (
    <Box sx={{ mb: 1.5 }}>
      <FormControlLabel
        disabled={status === 'blocked' && mine === undefined}
        control={
          <Checkbox
            size="small"
            checked={mine !== undefined}
            onChange={(_event, on) => void choose(toggled(known, address, functions, on))}
          />
        }
        label={<About unit={unit}>{children}</About>}
        sx={{ alignItems: 'flex-start', mr: 0 }}
        slotProps={{ typography: { component: 'div' } }}
      />
      {mine === undefined ? null : <How unit={unit} chosen={mine} />}
    </Box>
  )
}

function About({ unit: { name, address, iommuGroup, status }, children }: { unit: Unit; children: ReactNode }) {
  return (
    <Box sx={{ pt: 0.75 }}>
      <Typography variant="body2" sx={{ fontWeight: 500 }}>
        {name} at <Mono>{shortAddress(address)}</Mono>
        {iommuGroup === null ? '' : `, IOMMU group ${iommuGroup}`}
      </Typography>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
        <StatusMark status={MARKS[status]} size={13} />
        <Typography variant="caption">{WORDS[status]}</Typography>
      </Box>
      {children}
    </Box>
  )
}

/** How a unit is kept for VMs, and what goes along. */
function How({ unit, chosen }: { unit: Unit; chosen: ReservedUnit }) {
  const known = useSnapshot('choices', 'reserved')
  return (
    <Box sx={{ pl: 3.75 }}>
      <TextField
        select
        size="small"
        label={`When ${shortAddress(unit.address)} is kept for VMs`}
        value={chosen.when}
        onChange={(event) => {
          const way = WAYS.find(({ id }) => id === event.target.value)
          if (way !== undefined) void choose(withWhen(known, unit.functions, way.id))
        }}
        helperText={WAYS.find(({ id }) => id === chosen.when)?.text}
        sx={{ mt: 1, minWidth: 280 }}
      >
        {WAYS.map(({ id, title }) => (
          <MenuItem key={id} value={id}>
            {title}
          </MenuItem>
        ))}
      </TextField>
      <Companions unit={unit} chosen={chosen.companions} />
    </Box>
  )
}

/** Endpoints that share the unit's groups and that the host can spare: they go along when ticked. */
function Companions({ unit, chosen }: { unit: Unit; chosen: readonly string[] }) {
  const { choices, reserved, groupMates } = useSnapshot('choices', 'reserved', 'groupMates')
  const others = groupMates.filter((mate) => unit.foreignEndpoints.includes(mate.address))
  return others.map((mate) => (
    <FormControlLabel
      key={mate.address}
      sx={{ display: 'flex' }}
      control={
        <Checkbox
          size="small"
          checked={chosen.includes(mate.address)}
          onChange={(_event, along) =>
            void choose(withCompanion({ choices, reserved }, unit.functions, mate.address, along))
          }
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
