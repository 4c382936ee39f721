import Button from '@mui/material/Button'
import { isUp } from '../../shared/vm/vm.ts'
import { call, useSnapshot } from '../stores/studio-store.ts'

/** Opens the program of this host that shows the guest, e.g. Looking Glass; nothing while it is off or there is none. */
export function OpenViewer() {
  const { vm, viewer } = useSnapshot()
  if (vm === null || !isUp(vm.state) || viewer === null) return null
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
