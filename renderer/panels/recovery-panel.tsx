import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useEffect, useState } from 'react'
import { Quote } from '../components/mono.tsx'
import { call, useSnapshot } from '../stores/studio-store.ts'

/** What to do when the machine does not come back, to be kept outside this machine before the first reboot. */
export function RecoveryPanel() {
  const { checkedAt } = useSnapshot()
  const [sheet, setSheet] = useState<string | null>(null)
  const [savedTo, setSavedTo] = useState<string | null>(null)
  useEffect(() => {
    void call('recoverySheet', null).then(setSheet)
  }, [checkedAt])
  return (
    <Box
      component="main"
      sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column', px: 3, pt: 2.5, pb: 3 }}
    >
      <Box sx={{ display: 'flex', alignItems: 'flex-end', gap: 2, mb: 2 }}>
        <Box sx={{ flex: 1 }}>
          <Typography variant="h1">Recovery</Typography>
          <Typography variant="body2" color="text.secondary" sx={{ mt: 0.5 }}>
            The way back when this machine does not start. Keep a copy somewhere else before you reboot.
          </Typography>
        </Box>
        <Button
          variant="outlined"
          color="inherit"
          disabled={sheet === null}
          onClick={() => void call('saveRecoverySheet', null).then(setSavedTo)}
        >
          Save a copy…
        </Button>
      </Box>
      {savedTo === null ? null : (
        <Alert severity="success" variant="outlined" sx={{ mb: 2 }} onClose={() => setSavedTo(null)}>
          Saved to {savedTo}.
        </Alert>
      )}
      {sheet === null ? (
        <Typography variant="body2">
          Nothing of this program is in force on this host, so there is nothing to recover from. The sheet is written
          before the first change.
        </Typography>
      ) : (
        <Sheet>{sheet}</Sheet>
      )}
    </Box>
  )
}

function Sheet({ children }: { children: string }) {
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto', maxWidth: 860 }}>
      <Quote label="Recovery sheet" height={2000}>
        {children}
      </Quote>
    </Box>
  )
}
