import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import { AlongMark, StatusMark } from '#renderer/ui/status-mark.tsx'
import { GROUP_COLOURS } from '#renderer/ui/theme/palette.ts'
import { colour } from '#renderer/ui/theme/theme.ts'
import type { Availability, DeviceRow } from '#shared/ipc/device-row.ts'
import type { VerdictStatus } from '#shared/wizard/finding.ts'

const MARKS: Readonly<Record<Exclude<Availability, 'goes-along' | 'host'>, VerdictStatus>> = {
  ready: 'ok',
  'needs-work': 'needs-work',
  unknown: 'unknown',
}

/** Shown when the kernel has nothing to tell. */
export function EmptyCell() {
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      none
    </Box>
  )
}

function Row({ children }: { children: ReactNode }) {
  return (
    <Box
      component="span"
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75, minWidth: 0, maxWidth: '100%' }}
    >
      {children}
    </Box>
  )
}

/** A group's number with its colour; the number alone tells groups apart too. */
export function GroupMark({ group }: { group: number | null }) {
  if (group === null) return <EmptyCell />
  return (
    <Row>
      <Box
        component="span"
        aria-hidden
        sx={{
          width: 10,
          height: 10,
          flex: 'none',
          borderRadius: 0.5,
          bgcolor: GROUP_COLOURS[group % GROUP_COLOURS.length],
        }}
      />
      {group}
    </Row>
  )
}

function AvailabilityMark({ availability }: Pick<DeviceRow, 'availability'>) {
  if (availability === 'host') return null
  if (availability === 'goes-along') return <AlongMark size={13} />
  return <StatusMark status={MARKS[availability]} size={13} />
}

/** What can become of a function. A bridge or a claimed device is no fault, so the host's own stay quiet. */
export function VerdictCell({ row }: { row: DeviceRow }) {
  return (
    <Row>
      <AvailabilityMark availability={row.availability} />
      <Box
        component="span"
        title={row.verdict}
        sx={{
          overflow: 'hidden',
          textOverflow: 'ellipsis',
          color: row.availability === 'host' ? 'text.secondary' : undefined,
        }}
      >
        {row.verdict}
      </Box>
    </Row>
  )
}

export function LinkCell({ link }: Pick<DeviceRow, 'link'>) {
  if (link === null) return <EmptyCell />
  return (
    <Box component="span" sx={link.downTrained ? { color: colour.state('needs-work') } : {}}>
      {link.text}
    </Box>
  )
}

/** The name without its vendor's legal form, whole in the tooltip. */
export function NameCell({ name }: Pick<DeviceRow, 'name'>) {
  if (name === null) return 'Unknown device'
  const brief = name.replace(/,? (Corporation|Inc\.|Co\., Ltd\.|Ltd\.)(?= )/u, '').replace(/\[AMD\/ATI\] /u, '')
  return <span title={name}>{brief}</span>
}
