import Box from '@mui/material/Box'
import { diffLines } from 'diff'
import { colour, MONO } from './theme/theme.ts'

interface DiffViewProps {
  path: string
  before: string | null
  after: string
}

const SIGNS = { added: '+', removed: '−', same: ' ' } as const

/** A file before and after, line by line. Unchanged runs are shown whole: these files are short. */
export function DiffView({ path, before, after }: DiffViewProps) {
  const rows = diffLines(before ?? '', after).flatMap((part) => {
    const kind = part.added ? 'added' : part.removed ? 'removed' : 'same'
    return part.value
      .replace(/\n$/u, '')
      .split('\n')
      .map((text) => ({ kind, text }) as const)
  })
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={`Diff of ${path}`}
      sx={{
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        overflow: 'auto',
        maxHeight: 280,
        fontFamily: MONO,
        fontSize: 12,
        lineHeight: 1.6,
        bgcolor: colour.sunken,
      }}
    >
      {rows.map((row, index) => (
        <Box
          key={index}
          sx={{ display: 'flex', bgcolor: row.kind === 'same' ? undefined : colour[row.kind], minWidth: 'max-content' }}
        >
          <Box
            component="span"
            sx={{ width: 24, flex: 'none', textAlign: 'center', color: 'text.secondary', userSelect: 'none' }}
          >
            {SIGNS[row.kind]}
          </Box>
          <Box component="span" sx={{ whiteSpace: 'pre', pr: 2 }}>
            {row.text}
          </Box>
        </Box>
      ))}
    </Box>
  )
}
