import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import { colour, MONO } from './theme/theme.ts'

/** Addresses, ids and paths inside a sentence. */
export function Mono({ children }: { children: ReactNode }) {
  return (
    <Box component="span" sx={{ fontFamily: MONO, fontSize: '0.93em' }}>
      {children}
    </Box>
  )
}

/** A quoted block: file text, command output, log. Scrolls by itself, also by keyboard. */
export function Quote({ children, label, height }: { children: ReactNode; label: string; height?: number }) {
  return (
    <Box
      component="pre"
      tabIndex={0}
      role="region"
      aria-label={label}
      sx={{
        m: 0,
        p: 1,
        bgcolor: colour.sunken,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        fontFamily: MONO,
        fontSize: 12,
        lineHeight: 1.5,
        overflow: 'auto',
        maxHeight: height ?? 320,
        whiteSpace: 'pre-wrap',
        wordBreak: 'break-word',
      }}
    >
      {children}
    </Box>
  )
}
