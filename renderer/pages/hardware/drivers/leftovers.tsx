import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { openPage } from '#renderer/state/view-store.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { colour } from '#renderer/ui/theme/theme.ts'
import type { Leftover, Standing } from '#shared/ipc/leftover.ts'
import type { VerdictStatus } from '#shared/wizard/finding.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'

/** What it means here, in the order of what needs somebody first. */
const STANDINGS: Readonly<Record<Standing, { mark: VerdictStatus; word: string }>> = {
  'in-the-way': { mark: 'needs-work', word: 'in the way' },
  weakens: { mark: 'needs-work', word: 'weakens the host' },
  unknown: { mark: 'unknown', word: 'unknown' },
  harmless: { mark: 'ok', word: 'harmless' },
}
const ORDER = Object.keys(STANDINGS)

const LOOK = {
  tableLayout: 'fixed',
  '& tbody td': { verticalAlign: 'top', py: 1 },
  '& thead th': { color: 'text.secondary', pb: 0.5 },
} as const

/** Lines of configuration, arguments and scripts that guides have people add: what each does, and means here. */
export function Leftovers({ leftovers }: { leftovers: readonly Leftover[] }) {
  const sorted = leftovers.toSorted((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing))
  return (
    <Box sx={{ mt: 3 }}>
      <Section title="Left by earlier guides">
        {sorted.length === 0 ? (
          <Typography variant="body2">Nothing that guides have people add was found on this host.</Typography>
        ) : (
          <LeftoverTable leftovers={sorted} />
        )}
      </Section>
    </Box>
  )
}

function LeftoverTable({ leftovers }: { leftovers: readonly Leftover[] }) {
  return (
    <Table size="small" aria-label="Left by earlier guides" sx={LOOK}>
      <colgroup>
        <col style={{ width: '58%' }} />
        <col style={{ width: '42%' }} />
      </colgroup>
      <TableHead>
        <TableRow>
          <TableCell>Line, and what it does</TableCell>
          <TableCell>On this host</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {leftovers.map((one) => (
          <TableRow key={`${one.source} ${one.lines[0]?.line ?? ''}`}>
            <LinesCell leftover={one} />
            <StandingCell leftover={one} />
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

/** Lines in a row that do the same have it said once, below the last of them. */
function LinesCell({ leftover: { source, lines } }: { leftover: Leftover }) {
  return (
    <TableCell sx={{ overflowWrap: 'anywhere' }}>
      <Box sx={{ fontWeight: 600 }}>{source}</Box>
      {lines.map(({ line, does }, index) => (
        <Box key={index} sx={{ mt: lines[index - 1]?.does === does ? 0 : 0.5 }}>
          <Mono>{line}</Mono>
          {lines[index + 1]?.does === does ? null : (
            <Typography variant="caption" color="text.secondary" component="div">
              {does}
            </Typography>
          )}
        </Box>
      ))}
    </TableCell>
  )
}

function StandingCell({ leftover: { standing, why, step } }: { leftover: Leftover }) {
  const { mark, word } = STANDINGS[standing]
  return (
    <TableCell>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75, color: colour.state(mark), fontWeight: 600 }}>
        <StatusMark status={mark} size={13} />
        {word}
      </Box>
      <Typography variant="body2">{why}</Typography>
      {step === null ? null : (
        <Button
          size="small"
          sx={{ minHeight: 24, py: 0, px: 0.5, ml: -0.5, minWidth: 0 }}
          onClick={() => openPage(step)}
        >
          {`Step ${stepNumber(step)} takes it out`}
        </Button>
      )}
    </TableCell>
  )
}
