import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import type { FindingStatus, VerdictStatus } from '#shared/wizard/finding.ts'
import { colour } from './theme/theme.ts'

const OF_FINDING: Readonly<Record<FindingStatus, VerdictStatus>> = {
  pass: 'ok',
  warn: 'needs-work',
  fail: 'blocked',
  unknown: 'unknown',
  'after-reboot': 'after-reboot',
}

export const FINDING_WORDS: Readonly<Record<FindingStatus, string>> = {
  pass: 'ok',
  warn: 'attention',
  fail: 'not met',
  unknown: 'unknown',
  'after-reboot': 'after reboot',
}

export function markOf(status: FindingStatus): VerdictStatus {
  return OF_FINDING[status]
}

/** Drawn with lines of 1.5 in a square of 16. */
export const SHAPES: Readonly<Record<VerdictStatus, ReactNode>> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="m5.2 8.2 2 2 3.6-4.2" />
    </>
  ),
  'needs-work': (
    <>
      <path d="M8 1.9 14.6 13.4H1.4Z" />
      <path d="M8 6v3.4M8 11.2v.4" />
    </>
  ),
  blocked: (
    <>
      <path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4Z" />
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.25" strokeDasharray="2.6 2.3" />
      <path d="M6.3 6.4c.2-1 .9-1.5 1.8-1.5 1 0 1.8.6 1.8 1.6 0 1.2-1.7 1.3-1.8 2.6M8.1 11.2v.3" />
    </>
  ),
  'after-reboot': (
    <>
      <path d="M13.6 8A5.6 5.6 0 1 1 11.6 3.7" />
      <path d="M11.9 1v3h-3" />
    </>
  ),
}

/** The shape of a state, in its colour. Always beside a word; the shape alone is hidden from screen readers. */
export function StatusMark({ status, size = 16 }: { status: VerdictStatus; size?: number }) {
  return (
    <MarkFrame colour={colour.state(status)} size={size}>
      {SHAPES[status]}
    </MarkFrame>
  )
}

/** Two links of a chain: what goes where another one goes. No state, so it has no state's colour. */
export function AlongMark({ size = 16 }: { size?: number }) {
  return (
    <MarkFrame colour="text.secondary" size={size}>
      <rect x="1.5" y="5" width="7.5" height="6" rx="3" />
      <rect x="7" y="5" width="7.5" height="6" rx="3" />
    </MarkFrame>
  )
}

function MarkFrame({ colour: ink, size, children }: { colour: string; size: number; children: ReactNode }) {
  return (
    <Box
      component="svg"
      viewBox="0 0 16 16"
      aria-hidden
      sx={{
        width: size,
        height: size,
        flex: 'none',
        color: ink,
        fill: 'none',
        stroke: 'currentColor',
        strokeWidth: 1.5,
        strokeLinecap: 'round',
        strokeLinejoin: 'round',
      }}
    >
      {children}
    </Box>
  )
}
