import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import { useColorScheme } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { useStudio } from '../state/studio-store.ts'
import { openPage } from '../state/view-store.ts'

/** The quiet line at the top: what this is, which host, light or dark. */
export function Header() {
  const snapshot = useStudio((store) => store.snapshot)
  return (
    <Box
      component="header"
      sx={{
        height: 48,
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        gap: 2,
        px: 2,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Typography variant="body1" sx={{ fontWeight: 600, whiteSpace: 'nowrap' }}>
        Passthrough Studio
      </Typography>
      {snapshot === null ? null : (
        <Typography variant="body2" color="text.secondary" noWrap sx={{ flex: 1, textAlign: 'center' }}>
          {snapshot.hostname} · {snapshot.hostLine}
        </Typography>
      )}
      <Box sx={{ ml: 'auto', flex: 'none' }}>
        {snapshot === null ? null : <AboutButton />}
        <SchemeSwitch />
      </Box>
    </Box>
  )
}

function AboutButton() {
  return (
    <Tooltip title="About">
      <IconButton size="small" aria-label="About" onClick={() => openPage('about')}>
        <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
          <circle cx="9" cy="9" r="6.5" />
          <path d="M9 8.2v4.2M9 5.4v1.2" />
        </svg>
      </IconButton>
    </Tooltip>
  )
}

function SchemeSwitch() {
  const { colorScheme, setMode } = useColorScheme()
  const dark = colorScheme === 'dark'
  const label = dark ? 'Switch to light' : 'Switch to dark'
  return (
    <Tooltip title={label}>
      <IconButton size="small" aria-label={label} onClick={() => setMode(dark ? 'light' : 'dark')}>
        <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
          <circle cx="9" cy="9" r="6.5" />
          <path d="M9 2.5a6.5 6.5 0 0 1 0 13Z" fill="currentColor" />
        </svg>
      </IconButton>
    </Tooltip>
  )
}
