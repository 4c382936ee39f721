import Button from '@mui/material/Button'
import { call, useSnapshot } from '../state/studio-store.ts'

/** Opens the program of this host that shows the guest, e.g. Looking Glass; nothing while it is off or there is none. */
export function OpenViewer() {
  const { viewer } = useSnapshot()
  if (viewer === null) return null
  return (
    <Button
      variant="outlined"
      color="inherit"
      onClick={() => void call('viewerOpen', null)}
      sx={{ whiteSpace: 'nowrap' }}
    >
      Open {viewer}
    </Button>
  )
}
