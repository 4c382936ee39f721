import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { VerdictStatus } from '#shared/wizard/finding.ts'
import { StatusMark } from './status-mark.tsx'
import { colour } from './theme/theme.ts'

interface BannerProps {
  status: VerdictStatus
  role?: 'status' | 'alert'
  actions?: ReactNode
  children: ReactNode
}

/** A full-width line for something that concerns the whole page. */
export function Banner({ status, role = 'status', actions, children }: BannerProps) {
  return (
    <Box
      role={role}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1.25,
        px: 2,
        py: 0.75,
        borderBottom: 1,
        borderColor: 'divider',
        borderLeft: 4,
        borderLeftColor: colour.state(status),
        bgcolor: 'background.paper',
      }}
    >
      <StatusMark status={status} />
      <Typography variant="body2" component="div" sx={{ flex: 1 }}>
        {children}
      </Typography>
      {actions}
    </Box>
  )
}
