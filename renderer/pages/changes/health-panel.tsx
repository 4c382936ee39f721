import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { Findings } from '#renderer/controls/findings.tsx'
import { useVmMeant } from '#renderer/controls/vm-switch.tsx'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { openPage, showEvidence } from '#renderer/state/view-store.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { markOf, StatusMark } from '#renderer/ui/status-mark.tsx'
import { colour } from '#renderer/ui/theme/theme.ts'
import { VerdictLine } from '#renderer/ui/verdict-line.tsx'
import type { Comparison, Health } from '#shared/ipc/health.ts'
import { findingKey } from '#shared/wizard/finding.ts'

/** Whether the host is still what it was when a guest last proved the card, and what to do where it is not. */
export function HealthPanel() {
  const { health } = useSnapshot('health')
  const meant = useVmMeant()
  const open = health.compared.map(({ finding }) => finding).filter((finding) => finding.status !== 'pass')
  return (
    <Panel
      title={meant === null ? 'Health' : `Health · ${meant}`}
      about="Whether this host is still what it was when a guest last proved the card."
    >
      <Box sx={{ maxWidth: 880 }}>
        <VerdictLine verdict={health.verdict} />
        <Proven health={health} />
        {open.length === 0 ? null : (
          <Section title="What differs">
            <Findings findings={open} step={null} />
          </Section>
        )}
        {health.compared.length === 0 ? null : (
          <Section title="What was compared">
            <Compared compared={health.compared} />
          </Section>
        )}
      </Box>
    </Panel>
  )
}

function Proven({ health: { proven } }: { health: Health }) {
  if (proven === null) {
    return (
      <Box sx={{ mt: 2, mb: 3 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 1.5, maxWidth: 640 }}>
          The first guest that reports the card makes the last known good: kernel and its arguments, QEMU, firmware, the
          card’s address and ids, and configuration files. From then on this page tells what changed.
        </Typography>
        <Button variant="outlined" color="inherit" onClick={() => openPage('launch')}>
          Go to step 9
        </Button>
      </Box>
    )
  }
  const { at, vm, simulated } = proven
  return (
    <Typography variant="body2" color="text.secondary" sx={{ mt: 0.75, mb: 2.5, pl: 3.25 }}>
      Last known good: {new Date(at).toLocaleString()}, {simulated ? 'a simulated guest' : 'the guest'} of VM “{vm}”
      reported the card. Each new proof replaces it.
    </Typography>
  )
}

function Compared({ compared }: { compared: readonly Comparison[] }) {
  return (
    <Table size="small" aria-label="Compared with the last known good">
      <TableHead>
        <TableRow>
          {['What', 'Last known good', 'Now', 'Source'].map((head) => (
            <TableCell key={head}>{head}</TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {compared.map((row) => (
          <Row key={findingKey(row.finding)} row={row} />
        ))}
      </TableBody>
    </Table>
  )
}

const CELL = { verticalAlign: 'top', overflowWrap: 'anywhere' } as const

function Row({ row }: { row: Comparison }) {
  const { what, was, same, finding } = row
  const mark = markOf(finding.status)
  return (
    <TableRow sx={same === true ? undefined : { '& td': { fontWeight: 600 } }}>
      <TableCell sx={{ ...CELL, width: '27%' }}>{what}</TableCell>
      <TableCell sx={{ ...CELL, width: '33%' }}>{same === null ? 'not compared' : (was ?? 'none')}</TableCell>
      <TableCell sx={CELL}>
        <Box sx={{ display: 'flex', gap: 0.75, color: same === true ? 'text.secondary' : colour.state(mark) }}>
          <Box sx={{ pt: '3px', display: 'flex' }}>
            <StatusMark status={mark} size={14} />
          </Box>
          {nowOf(row)}
        </Box>
      </TableCell>
      <TableCell sx={{ verticalAlign: 'top', width: 96, whiteSpace: 'nowrap' }}>
        <Button
          variant="text"
          sx={{ minHeight: 20, minWidth: 0, p: 0, fontSize: 12, fontWeight: 500 }}
          aria-label={`Evidence: ${what}`}
          onClick={() => showEvidence({ title: finding.text, evidence: finding.evidence })}
        >
          Evidence
        </Button>
      </TableCell>
    </TableRow>
  )
}

function nowOf({ is, same, finding }: Comparison): string {
  if (same === null) return 'cannot be read'
  if (same) return 'the same'
  return finding.status === 'pass' ? `${is ?? 'gone'}, by this program` : (is ?? 'gone')
}
