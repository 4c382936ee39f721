import Button from '@mui/material/Button'
import { call } from '../state/studio-store.ts'
import { useSnapshot } from '../state/use-snapshot.ts'

/** Opens the program of this host that shows the guest, e.g. Looking Glass; nothing while it is off or there is none. */
export function OpenViewer() {
  const { viewer } = useSnapshot('viewer')
  if (viewer === null) return null
  return (
    <Button
      variant="outlined"
      color="inherit"
      onClick={() => void call('vms.openViewer', null)}
      sx={{ whiteSpace: 'nowrap' }}
    >
      Open {viewer}
    </Button>
  )
}
