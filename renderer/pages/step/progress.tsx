import Box from '@mui/material/Box'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { useEffect, useRef } from 'react'
import { useLog } from '#renderer/state/use-snapshot.ts'
import { Quote } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { useSeconds } from '#renderer/ui/waiting.tsx'
import type { Phase } from '#shared/ipc/phase.ts'

type Working = Extract<Phase, { kind: 'applying' | 'verifying' | 'undoing' }>

/** Work under way: how far, on what, for how long, and what the tools say. */
export function Progress({ phase }: { phase: Working }) {
  const { lines } = useLog()
  const seconds = useSeconds()
  const counted = phase.kind === 'applying' && phase.total > 1
  const value = counted ? (phase.done / phase.total) * 100 : 0
  const text = phase.kind === 'verifying' ? 'Looking at the host again' : phase.text
  const count = counted ? `${phase.done + 1} of ${phase.total}: ` : ''
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [lines])
  return (
    <Section title={phase.kind === 'undoing' ? 'Taking back' : 'Applying'}>
      <Box role="status" aria-live="polite">
        <Typography variant="body2" sx={{ mb: 1 }}>
          {count}
          {text} · {seconds} s
        </Typography>
      </Box>
      {counted ? <LinearProgress variant="determinate" value={value} aria-label="Progress" sx={{ mb: 1.5 }} /> : null}
      {lines.length === 0 ? null : (
        <Quote label="Log" height={200}>
          {lines.join('\n')}
          <div ref={end} />
        </Quote>
      )}
    </Section>
  )
}
