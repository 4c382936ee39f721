import Button from '@mui/material/Button'
import { type WayOn } from '#shared/ipc/helper-view.ts'
import { call } from '../state/studio-store.ts'
import { useWorking } from '../state/use-snapshot.ts'
import { openPage } from '../state/view-store.ts'

const LABELS: Readonly<Record<Exclude<WayOn, 'none'>, string>> = {
  install: 'Install helper…',
  update: 'Update helper…',
  restart: 'Restart now',
}

/** The button that ends "read-only", where there is one: nothing is installed before its page has shown what. */
export function WayOnButton({ wayOn, contained = false }: { wayOn: WayOn; contained?: boolean }) {
  const working = useWorking()
  if (wayOn === 'none') return null
  const go = () => (wayOn === 'restart' ? void call('app.restart', null) : openPage('about'))
  return (
    <Button
      variant={contained ? 'contained' : 'outlined'}
      disabled={working && wayOn === 'restart'}
      onClick={go}
      sx={{ whiteSpace: 'nowrap', flex: 'none' }}
    >
      {LABELS[wayOn]}
    </Button>
  )
}
