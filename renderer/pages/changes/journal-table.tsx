import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { LeaveChange } from '#renderer/controls/leave-change.tsx'
import { showEvidence } from '#renderer/state/view-store.ts'
import type { JournalRow } from '#shared/ipc/snapshot.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'

interface JournalTableProps {
  name: string
  rows: readonly JournalRow[]
  /** Left out where all have the same. */
  withState?: boolean
}

/** Changes, one a row, with their state and what was written. */
export function JournalTable({ name, rows, withState = true }: JournalTableProps) {
  const heads = ['When', 'Step', 'Change', ...(withState ? ['State'] : [])]
  return (
    <Table size="small" aria-label={name}>
      <TableHead>
        <TableRow>
          {heads.map((head) => (
            <TableCell key={head}>{head}</TableCell>
          ))}
          <TableCell component="td" />
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={`${row.tx}/${row.index}`} row={row} withState={withState} />
        ))}
      </TableBody>
    </Table>
  )
}

const ONE_LINE = { whiteSpace: 'nowrap' } as const
const SMALL = { minHeight: 24, minWidth: 0, px: 0.75, py: 0, ...ONE_LINE }
/** What is still on the host stands out from what is closed. */
const OPEN: ReadonlySet<JournalRow['state']> = new Set(['in force', 'unfinished', 'not taken back'])

function Row({ row, withState }: { row: JournalRow; withState: boolean }) {
  const { diff } = row
  return (
    <TableRow hover sx={{ '& td': { verticalAlign: 'top' } }}>
      <TableCell sx={ONE_LINE}>{new Date(row.at).toLocaleString()}</TableCell>
      <TableCell>{stepNumber(row.step)}</TableCell>
      <TableCell sx={{ width: '100%', overflowWrap: 'anywhere' }}>
        {row.text}
        {row.note === null ? null : (
          <Typography variant="caption" color="text.secondary" component="div">
            {row.note}
          </Typography>
        )}
      </TableCell>
      {withState ? (
        <TableCell sx={{ ...ONE_LINE, fontWeight: OPEN.has(row.state) ? 600 : 400 }}>{row.state}</TableCell>
      ) : null}
      <TableCell sx={{ py: 0.5 }}>
        <Box sx={{ display: 'flex', justifyContent: 'flex-end', gap: 0.5 }}>
          {row.mayBeLeft ? <LeaveChange row={row} sx={SMALL} /> : null}
          {diff === null ? null : (
            <Button
              size="small"
              sx={SMALL}
              aria-label={`Diff: ${row.text}`}
              onClick={() => showEvidence({ title: row.text, evidence: [{ source: 'what was written', quote: diff }] })}
            >
              Diff
            </Button>
          )}
        </Box>
      </TableCell>
    </TableRow>
  )
}
