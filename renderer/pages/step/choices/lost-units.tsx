import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { shortAddress } from '#shared/facts/pci.ts'
import { followLost, withoutLost } from './reservation.ts'

/** What was reserved and is not at its address any more: to be followed, or dropped. */
export function LostUnits() {
  const { lost, choices, reserved } = useSnapshot('lost', 'choices', 'reserved')
  const known = { choices, reserved }
  const moved = lost.filter(({ movedTo }) => movedTo !== null)
  return (
    <>
      {lost.map((unit) => (
        <Box
          key={`${unit.address} ${unit.identity ?? ''}`}
          sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, mb: 1 }}
        >
          <Typography variant="body2" sx={{ flex: '1 1 240px' }}>
            What was reserved at <Mono>{shortAddress(unit.address)}</Mono> {whereTo(unit.movedTo)}
          </Typography>
          <Button size="small" onClick={() => void choose(withoutLost(known, unit))}>
            Drop it
          </Button>
        </Box>
      ))}
      {moved.length === 0 ? null : (
        <Button size="small" variant="outlined" sx={{ mb: 1.5 }} onClick={() => void choose(followLost(known, moved))}>
          {moved.length === 1 ? 'Reserve it where it is' : 'Reserve all where they are'}
        </Button>
      )}
    </>
  )
}

function whereTo(movedTo: string | null) {
  if (movedTo === null) return 'is not there any more.'
  return (
    <>
      is at <Mono>{shortAddress(movedTo)}</Mono> by now.
    </>
  )
}
