import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { StepView } from '#shared/ipc/snapshot.ts'

/** What the paper did in this step, and what is done here instead. */
export function PaperNote({ paper }: { paper: StepView['paper'] }) {
  return (
    <Box
      component="details"
      sx={{
        borderTop: 1,
        borderColor: 'divider',
        py: 1.5,
        '& summary': { cursor: 'pointer', fontSize: 13, fontWeight: 600, color: 'text.secondary' },
      }}
    >
      <summary>What the paper did here</summary>
      <Typography variant="body2" sx={{ mt: 1 }}>
        {paper.did}
      </Typography>
      <Typography variant="body2" sx={{ mt: 0.75 }}>
        {paper.we}
      </Typography>
    </Box>
  )
}
