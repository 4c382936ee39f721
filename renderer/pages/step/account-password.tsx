import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'

interface AccountPasswordProps {
  /** The account in the guest that gets it. */
  account: string
  value: string
  onType: (text: string) => void
}

/** The password that a plan needs and that is kept nowhere: typed above the button that applies it. */
export function AccountPassword({ account, value, onType }: AccountPasswordProps) {
  const [shown, setShown] = useState(false)
  return (
    <Box sx={{ maxWidth: 880, display: 'flex', alignItems: 'center', gap: 1.5, justifyContent: 'flex-end', pb: 1 }}>
      <Typography variant="body2" sx={{ overflowWrap: 'anywhere', textAlign: 'right' }}>
        A password for {account} in Windows:
      </Typography>
      <TextField
        type={shown ? 'text' : 'password'}
        value={value}
        onChange={(event) => onType(event.target.value)}
        sx={{ width: 150, flex: 'none' }}
        slotProps={{
          htmlInput: { 'aria-label': `A password for ${account} in Windows`, autoComplete: 'new-password' },
        }}
      />
      <Button variant="text" size="small" sx={{ flex: 'none' }} onClick={() => setShown(!shown)}>
        {shown ? 'Hide' : 'Show'}
      </Button>
    </Box>
  )
}
