import Box from '@mui/material/Box'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Typography from '@mui/material/Typography'
import { showEvidence, useView } from '../state/view-store.ts'
import { Quote } from '../ui/mono.tsx'

/** What a judgement rests on: each file or command, and what it said. */
export function EvidenceDrawer() {
  const content = useView((view) => view.drawer)
  return (
    <Drawer
      anchor="right"
      open={content !== null}
      onClose={() => showEvidence(null)}
      transitionDuration={120}
      slotProps={{ paper: { 'aria-label': 'Evidence' } }}
    >
      {content === null ? null : (
        <Box sx={{ p: 2, overflowY: 'auto' }}>
          <Box sx={{ display: 'flex', alignItems: 'flex-start', gap: 1, mb: 2 }}>
            <Typography variant="body1" sx={{ flex: 1, fontWeight: 600 }}>
              {content.title}
            </Typography>
            <IconButton size="small" aria-label="Close evidence" onClick={() => showEvidence(null)}>
              <svg width="16" height="16" viewBox="0 0 16 16" stroke="currentColor" strokeWidth="1.5" aria-hidden>
                <path d="m3.5 3.5 9 9m0-9-9 9" />
              </svg>
            </IconButton>
          </Box>
          {content.evidence.map((item) => (
            <Box key={item.source + (item.quote ?? '')} sx={{ mb: 2 }}>
              <Typography variant="caption" color="text.secondary" sx={{ wordBreak: 'break-all' }}>
                {item.source}
              </Typography>
              <Quote label={item.source}>{item.quote ?? 'not there'}</Quote>
            </Box>
          ))}
          {content.evidence.length === 0 ? (
            <Typography variant="body2" color="text.secondary">
              This follows from your choices; nothing on the host was read for it.
            </Typography>
          ) : null}
        </Box>
      )}
    </Drawer>
  )
}
