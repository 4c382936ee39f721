import Box from '@mui/material/Box'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemButton from '@mui/material/ListItemButton'
import Typography from '@mui/material/Typography'
import { openPart } from '#renderer/state/report-store.ts'
import { MONO } from '#renderer/ui/theme/theme.ts'
import { size } from '#shared/base/size.ts'
import { PART_GROUPS, type PartGroup, type ReportPart } from '#shared/ipc/report.ts'

const TITLES: Readonly<Record<PartGroup, string>> = {
  yours: 'Yours',
  commands: 'Command outputs',
  files: 'Files',
  kernel: 'Kernel attributes',
  names: 'Names and places',
}

/** What a report holds, by kind; each part opens beside it. */
export function ReportParts({
  parts,
  open,
  search,
}: {
  parts: readonly ReportPart[]
  open: number | null
  search: string
}) {
  const wanted = search.trim().toLowerCase()
  const shown = parts.filter(({ title }) => title.toLowerCase().includes(wanted))
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: 'auto', border: 1, borderColor: 'divider', borderRadius: 1, p: 0.5 }}>
      {PART_GROUPS.map((group) => {
        const members = shown.filter((part) => part.group === group)
        return members.length === 0 ? null : <Group key={group} group={group} parts={members} open={open} />
      })}
      {shown.length === 0 ? (
        <Typography variant="body2" color="text.secondary" sx={{ p: 1 }}>
          No part is called “{search}”.
        </Typography>
      ) : null}
    </Box>
  )
}

function Group({ group, parts, open }: { group: PartGroup; parts: readonly ReportPart[]; open: number | null }) {
  return (
    <>
      <Typography variant="caption" component="h2" color="text.secondary" sx={{ px: 1, pt: 0.75, fontWeight: 600 }}>
        {TITLES[group]} · {parts.length}
      </Typography>
      <List dense disablePadding aria-label={TITLES[group]} sx={{ mb: 0.5 }}>
        {parts.map((part) => (
          <Part key={part.id} part={part} selected={part.id === open} />
        ))}
      </List>
    </>
  )
}

const CUT = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const

/** The end of a path tells it apart, so the beginning gives way. */
function Part({ part, selected }: { part: ReportPart; selected: boolean }) {
  const slash = part.title.startsWith('/') ? part.title.lastIndexOf('/') + 1 : 0
  return (
    <ListItem disablePadding>
      <ListItemButton
        selected={selected}
        aria-current={selected ? 'true' : undefined}
        title={part.title}
        aria-label={`${part.title}, ${size(part.bytes)}`}
        onClick={() => void openPart(part.id)}
        sx={{ gap: 1, px: 1, minHeight: 26, py: 0.25, fontSize: 12 }}
      >
        <Box component="span" sx={{ display: 'flex', flex: 1, minWidth: 0, fontFamily: MONO }}>
          <Box component="span" sx={{ ...CUT, color: 'text.secondary', flexShrink: 1 }}>
            {part.title.slice(0, slash)}
          </Box>
          <Box component="span" sx={{ ...CUT, flexShrink: slash === 0 ? 1 : 0, maxWidth: '100%' }}>
            {part.title.slice(slash)}
          </Box>
        </Box>
        <Box component="span" sx={{ color: 'text.secondary', flex: 'none' }}>
          {size(part.bytes)}
        </Box>
      </ListItemButton>
    </ListItem>
  )
}
