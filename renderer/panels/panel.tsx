import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

/** Frame of a panel: title, what it is about, tools at the right. */
export function Panel({
  title,
  about,
  tools,
  children,
}: {
  title: string
  about: string
  tools?: ReactNode
  children: ReactNode
}) {
  return (
    <Box component="main" sx={{ flex: 1, minWidth: 0, overflowY: 'auto', px: 3, pt: 2.5, pb: 3 }}>
      <Box sx={{ display: 'flex', alignItems: 'flex-end', gap: 2, mb: 2 }}>
        <Box sx={{ flex: 1 }}>
          <Typography variant="h1">{title}</Typography>
          <Typography variant="body2" color="text.secondary" sx={{ mt: 0.5 }}>
            {about}
          </Typography>
        </Box>
        {tools}
      </Box>
      {children}
    </Box>
  )
}
