import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

const FILLED = { display: 'flex', flexDirection: 'column' } as const

/** Frame of a panel: title, what it is about, tools at the right. `fill`: its content takes the rest and scrolls itself. */
export function Panel({
  title,
  about,
  tools,
  fill = false,
  children,
}: {
  title: string
  about: string
  tools?: ReactNode
  fill?: boolean
  children: ReactNode
}) {
  return (
    <Box
      component="main"
      sx={{ flex: 1, minWidth: 0, px: 3, pt: 2.5, pb: 3, ...(fill ? FILLED : { overflowY: 'auto' }) }}
    >
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
