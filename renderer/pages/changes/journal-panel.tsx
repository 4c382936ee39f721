import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { call } from '#renderer/state/studio-store.ts'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot, useWorking } from '#renderer/state/use-snapshot.ts'
import { showEvidence } from '#renderer/state/view-store.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import type { JournalRow } from '#shared/ipc/snapshot.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'

/** States in which nothing is left to take back. */
const CLOSED: ReadonlySet<JournalRow['state']> = new Set(['taken back', 'left as it is'])

/** Every change ever made to this host, newest first, and the way back from all of them. */
export function JournalPanel() {
  const { checkedAt, phase } = useSnapshot('checkedAt', 'phase')
  const rows = useCall('changes.journal', checkedAt) ?? []
  const open = rows.filter((row) => !CLOSED.has(row.state)).length
  const working = useWorking()
  const undo = (
    <Button
      variant="outlined"
      color="inherit"
      disabled={working || open === 0}
      onClick={() => void call('plan.undoAll', null)}
    >
      {`Undo everything (${open})`}
    </Button>
  )
  const about = phase.kind === 'undoing' ? phase.text : 'Every change made to this host, newest first.'
  return (
    <Panel title="Journal" about={about} tools={undo}>
      {rows.length === 0 ? (
        <Typography variant="body2">
          Nothing has been changed on this host. Changes appear here before they are made.
        </Typography>
      ) : (
        <Table size="small" aria-label="Journal">
          <TableHead>
            <TableRow>
              {['When', 'Step', 'Change', 'State', ''].map((head) => (
                <TableCell key={head}>{head}</TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map((row, index) => (
              <Row key={index} row={row} />
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  )
}

function Row({ row }: { row: JournalRow }) {
  const working = useWorking()
  const { diff } = row
  return (
    <TableRow hover>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{new Date(row.at).toLocaleString()}</TableCell>
      <TableCell>{stepNumber(row.step)}</TableCell>
      <TableCell>
        {row.text}
        {row.note === null ? null : (
          <Typography variant="caption" color="text.secondary" component="div">
            {row.note}
          </Typography>
        )}
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap', fontWeight: row.state === 'in force' ? 600 : 400 }}>{row.state}</TableCell>
      <TableCell>
        {diff === null ? null : (
          <Button
            size="small"
            sx={{ minHeight: 24, py: 0 }}
            onClick={() => showEvidence({ title: row.text, evidence: [{ source: 'what was written', quote: diff }] })}
          >
            Diff
          </Button>
        )}
        {row.mayBeLeft ? (
          <Button
            size="small"
            sx={{ minHeight: 24, py: 0 }}
            disabled={working}
            onClick={() => void call('plan.leave', { tx: row.tx, index: row.index })}
          >
            Leave this one
          </Button>
        ) : null}
      </TableCell>
    </TableRow>
  )
}
