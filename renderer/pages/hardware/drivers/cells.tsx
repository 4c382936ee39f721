import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TableCell from '@mui/material/TableCell'
import Typography from '@mui/material/Typography'
import { showEvidence } from '#renderer/state/view-store.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { colour } from '#renderer/ui/theme/theme.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { shortAddress } from '#shared/facts/pci.ts'
import type { DriverRow, NextDriver } from '#shared/ipc/driver-row.ts'
import type { Evidence } from '#shared/wizard/finding.ts'

type Driver = DriverRow['today']['driver']

/** Address, name, and what it has to do with the card. */
export function FunctionCell({ row }: { row: DriverRow }) {
  return (
    <TableCell component="th" scope="row">
      <Mono>{shortAddress(row.address)}</Mono>
      <Box sx={{ fontWeight: row.part === 'card' ? 600 : 400 }}>{row.part === 'card' ? row.name : row.kind}</Box>
      <Typography variant="caption" color="text.secondary" component="div">
        {row.part}
      </Typography>
    </TableCell>
  )
}

/** A driver by name; what is not known never looks like none. */
function DriverName({ driver, changed }: { driver: Driver; changed: boolean }) {
  if (isUnknown(driver))
    return (
      <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
        <StatusMark status="unknown" size={13} />
        unknown
      </Box>
    )
  if (driver === null) return <>no driver</>
  return (
    <Box component="span" sx={changed ? { bgcolor: colour.added, px: 0.75, mx: -0.75, borderRadius: 0.5 } : {}}>
      <Mono>{driver}</Mono>
    </Box>
  )
}

/** `before`: what it is compared with; left out: nothing. */
function differs(driver: Driver, before?: Driver): boolean {
  return before !== undefined && JSON.stringify(driver) !== JSON.stringify(before)
}

export function StandingCell({ standing, before }: { standing: DriverRow['today']; before?: Driver }) {
  return (
    <TableCell>
      <DriverName driver={standing.driver} changed={differs(standing.driver, before)} />
      <Typography variant="caption" color="text.secondary" component="div">
        {standing.override === null ? 'no override' : 'override '}
        <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
          {standing.override}
        </Box>
      </Typography>
    </TableCell>
  )
}

/** Returns whether a source is a line of configuration; that the kernel shows the driver of today needs no quoting. */
function isRule({ source }: Evidence): boolean {
  return source.startsWith('/etc/') || source.includes('.d/')
}

interface NextCellProps {
  row: DriverRow
  next: NextDriver
  before?: Driver
  when: string
}

/** The driver, why, the line that decides, and all others one click away. */
export function NextCell({ row, next, before, when }: NextCellProps) {
  const title = `${shortAddress(row.address)} ${when}: ${next.why}`
  return (
    <TableCell>
      <DriverName driver={next.driver} changed={differs(next.driver, before)} />
      <Typography variant="caption" color="text.secondary" component="div">
        {next.why}
      </Typography>
      {next.evidence
        .filter(isRule)
        .slice(0, 1)
        .map((seen) => (
          <Typography key={seen.source} variant="caption" component="div" sx={{ mt: 0.5, overflowWrap: 'anywhere' }}>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {`${seen.source}: `}
            </Box>
            <Mono>{seen.quote}</Mono>
          </Typography>
        ))}
      {next.evidence.length === 0 ? null : (
        <Button
          size="small"
          aria-label={`Evidence for ${shortAddress(row.address)} ${when}`}
          sx={{ minHeight: 24, py: 0, px: 0.5, ml: -0.5, minWidth: 0 }}
          onClick={() => showEvidence({ title, evidence: next.evidence })}
        >
          Evidence
        </Button>
      )}
    </TableCell>
  )
}
