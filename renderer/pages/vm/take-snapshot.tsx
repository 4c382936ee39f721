import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type SyntheticEvent, useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { nameTrouble } from '#shared/vm/disk-snapshots.ts'

interface TakeSnapshotProps {
  taken: readonly string[]
  working: boolean
  after: () => void
}

/** A name, and the button; what is wrong with the name is said while it is typed. */
export function TakeSnapshot({ taken, working, after }: TakeSnapshotProps) {
  const [name, setName] = useState('')
  const trouble = name === '' ? null : nameTrouble(name, taken)
  const take = async (event: SyntheticEvent) => {
    event.preventDefault()
    if (name === '' || trouble !== null || working) return
    setName('')
    await call('snapshots.take', name)
    after()
  }
  return (
    <Box
      component="form"
      aria-label="Take a snapshot"
      onSubmit={(event) => void take(event)}
      sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', mt: 1.5 }}
    >
      <TextField
        label="Name of a new snapshot"
        value={name}
        error={trouble !== null}
        helperText={trouble ?? 'What it is for, e.g. before-driver-551.'}
        onChange={(event) => setName(event.target.value)}
        sx={{ width: 360 }}
      />
      <Button
        type="submit"
        variant="outlined"
        disabled={working || name === '' || trouble !== null}
        sx={{ mt: '3px', whiteSpace: 'nowrap' }}
      >
        Take a snapshot
      </Button>
    </Box>
  )
}
