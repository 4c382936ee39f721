import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { Verdict } from '#shared/wizard/finding.ts'
import { VERDICT_LABELS } from '#shared/wizard/finding.ts'
import { StatusMark } from './status-mark.tsx'
import { colour } from './theme/theme.ts'

/** A verdict as every page shows it: shape, word and colour, then one sentence. */
export function VerdictLine({ verdict: { status, text } }: { verdict: Verdict }) {
  return (
    <Box data-verdict={status} sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', mt: 1 }}>
      <Box sx={{ pt: 0.5, display: 'flex' }}>
        <StatusMark status={status} size={18} />
      </Box>
      <Typography variant="subtitle1" component="p">
        <Box component="span" sx={{ color: colour.state(status), fontWeight: 600 }}>
          {VERDICT_LABELS[status]}
        </Box>
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {' · '}
        </Box>
        {text}
      </Typography>
    </Box>
  )
}
