import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { call } from '../state/studio-store.ts'
import { useSnapshot } from '../state/use-snapshot.ts'

const IDLE = new Set(['ready', 'done', 'failed', 'needs-reboot'])

/** The foot: what the helper does, when was looked last, and who would be asked for a password. */
export function StatusBar() {
  const { phase, checkedAt, privilege, tray, hostKind } = useSnapshot(
    'phase',
    'checkedAt',
    'privilege',
    'tray',
    'hostKind',
  )
  const idle = IDLE.has(phase.kind)
  const time = new Date(checkedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return (
    <Box
      component="footer"
      sx={{
        height: 32,
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        gap: 2,
        px: 2,
        borderTop: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Typography variant="caption" color="text.secondary" noWrap>
        {idle ? 'Helper idle' : phase.kind === 'checking' ? 'Looking at the host' : 'Working'} · last check {time}
      </Typography>
      <Tooltip title={tray.text}>
        <Typography variant="caption" color="text.secondary" noWrap tabIndex={0}>
          {tray.available ? 'Tray ready' : 'No tray'}
        </Typography>
      </Tooltip>
      <Typography variant="caption" color="text.secondary" noWrap sx={{ flex: 1 }}>
        {privilege.canChange || hostKind !== 'real' ? privilege.text : 'Read-only; the line at the top says why.'}
      </Typography>
      <Button
        size="small"
        variant="text"
        disabled={!idle}
        onClick={() => void call('host.recheck', null)}
        sx={{ minHeight: 24, fontSize: 12 }}
      >
        Check again
      </Button>
    </Box>
  )
}
