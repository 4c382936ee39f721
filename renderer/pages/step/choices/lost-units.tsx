import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { choose } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { shortAddress } from '#shared/facts/pci.ts'
import { withoutLost } from './reservation.ts'

/** What was reserved and is not at its address any more: to be followed, or dropped. */
export function LostUnits() {
  const { lost, choices, reserved } = useSnapshot('lost', 'choices', 'reserved')
  return lost.map(({ address, movedTo }) => (
    <Box key={address} sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, mb: 1.5 }}>
      <Typography variant="body2" sx={{ flex: '1 1 240px' }}>
        What was reserved at <Mono>{shortAddress(address)}</Mono>{' '}
        {movedTo === null ? (
          'is not there any more.'
        ) : (
          <>
            is at <Mono>{shortAddress(movedTo)}</Mono> by now.
          </>
        )}
      </Typography>
      {movedTo === null ? null : (
        <Button
          size="small"
          variant="outlined"
          onClick={() => void choose(withoutLost({ choices, reserved }, address, movedTo))}
        >
          Reserve it there
        </Button>
      )}
      <Button size="small" onClick={() => void choose(withoutLost({ choices, reserved }, address, null))}>
        Drop it
      </Button>
    </Box>
  ))
}
