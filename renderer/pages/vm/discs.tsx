import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type SyntheticEvent, useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { useCall } from '#renderer/state/use-call.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { DISC_DRIVE_WORDS, type VmDisc } from '#shared/vm/disc.ts'

interface Props {
  name: string
  working: boolean
}

/** What lies in the drives of a VM that is up, to be taken out or exchanged; nothing where it has none. */
export function Discs({ name, working }: Props) {
  const [done, setDone] = useState(0)
  const discs = useCall('vms.discs', working ? null : `${name} ${done}`)
  if (discs === null || discs.length === 0) return null
  const change = async (disc: VmDisc) => {
    await call('vms.changeDisc', { name, disc })
    setDone((times) => times + 1)
  }
  return (
    <Section title="Discs">
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        Until the VM’s next start, which has the discs of step 8 again.
      </Typography>
      {discs.map((disc) => (
        <Drive key={disc.drive} {...{ disc, working, change }} />
      ))}
    </Section>
  )
}

interface DriveProps {
  disc: VmDisc
  working: boolean
  change: (disc: VmDisc) => Promise<void>
}

function Drive({ disc: { drive, path }, working, change }: DriveProps) {
  const [other, setOther] = useState('')
  const title = DISC_DRIVE_WORDS[drive]
  const isPath = other.startsWith('/')
  const insert = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!isPath || working) return
    setOther('')
    void change({ drive, path: other })
  }
  return (
    <Box component="form" aria-label={title} onSubmit={insert} sx={{ mb: 1.5 }}>
      <Typography variant="body2" sx={{ overflowWrap: 'anywhere', mb: 0.75 }}>
        <b>{title}</b> · {path === null ? 'the drive is empty' : <Mono>{path}</Mono>}
      </Typography>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', '& button': { mt: '3px', whiteSpace: 'nowrap' } }}>
        <TextField
          label="Another disc (ISO)"
          value={other}
          error={other !== '' && !isPath}
          helperText={other !== '' && !isPath ? 'A path begins with a slash.' : 'Absolute path on this host.'}
          onChange={(event) => setOther(event.target.value)}
          sx={{ width: 360 }}
        />
        <Button type="submit" variant="outlined" disabled={working || !isPath}>
          Put in
        </Button>
        <Button
          variant="outlined"
          color="inherit"
          disabled={working || path === null}
          onClick={() => void change({ drive, path: null })}
        >
          Eject
        </Button>
      </Box>
    </Box>
  )
}
