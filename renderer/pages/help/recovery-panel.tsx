import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Quote } from '#renderer/ui/mono.tsx'
import { Panel } from '#renderer/ui/panel.tsx'

/** What to do when the host does not come back, to be kept outside this host before the first reboot. */
export function RecoveryPanel() {
  const { checkedAt, journalTroubles } = useSnapshot('checkedAt', 'journalTroubles')
  const sheet = useCall('changes.recoverySheet', checkedAt)
  const [savedTo, setSavedTo] = useState<string | null>(null)
  const save = (
    <Button
      variant="outlined"
      color="inherit"
      disabled={sheet === null}
      onClick={() => void call('changes.saveRecoverySheet', null).then(setSavedTo)}
    >
      Save a copy…
    </Button>
  )
  return (
    <Panel
      title="Recovery"
      about="The way back when this host does not start. Keep a copy somewhere else before you reboot."
      tools={save}
      fill
    >
      {savedTo === null ? null : (
        <Alert severity="success" variant="outlined" sx={{ mb: 2 }} onClose={() => setSavedTo(null)}>
          Saved to {savedTo}.
        </Alert>
      )}
      {sheet === null ? (
        <Typography variant="body2">
          {journalTroubles.length > 0
            ? 'There is no recovery sheet on this host. The page Journal says what is wrong with the journal.'
            : 'Nothing of this program is in force on this host, so there is nothing to recover from. The sheet is written before the first change.'}
        </Typography>
      ) : (
        <Sheet>{sheet}</Sheet>
      )}
    </Panel>
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
