import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { openPage } from '#renderer/state/view-store.ts'
import type { ConsolePlaceholder } from './console-words.ts'

/** What stands in the place of the picture while there is none. */
export function ConsoleInstead({ instead, again }: { instead: ConsolePlaceholder; again: () => void }) {
  const actions = {
    definition: { label: 'Go to step 8', act: () => openPage('definition') },
    vm: { label: 'Open the VM panel', act: () => openPage('vm') },
    again: { label: 'Connect again', act: again },
  }
  const offered = instead.action === null ? null : actions[instead.action]
  return (
    <Box
      role="status"
      sx={{
        position: 'absolute',
        inset: 0,
        display: 'flex',
        flexDirection: 'column',
        alignItems: 'center',
        justifyContent: 'center',
        textAlign: 'center',
        gap: 1,
        p: 3,
      }}
    >
      <Typography variant="subtitle1" component="p">
        {instead.title}
      </Typography>
      <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 520 }}>
        {instead.text}
      </Typography>
      {offered === null ? null : (
        <Button variant="outlined" onClick={offered.act} sx={{ mt: 1 }}>
          {offered.label}
        </Button>
      )}
    </Box>
  )
}
