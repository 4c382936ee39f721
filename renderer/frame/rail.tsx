import Box from '@mui/material/Box'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemButton from '@mui/material/ListItemButton'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { Health } from '#shared/ipc/health.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { VM_STATE_WORDS } from '#shared/vm/vm.ts'
import { VERDICT_LABELS } from '#shared/wizard/finding.ts'
import { useVmMeant } from '../controls/vm-switch.tsx'
import { useSnapshot } from '../state/use-snapshot.ts'
import { openPage, type PageId, type PanelId } from '../state/view-store.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { colour } from '../ui/theme/theme.ts'
import { PANELS } from './pages.tsx'

/** Nine numbered steps with their state, then the panels. */
export function Rail({ page }: { page: PageId }) {
  const { steps } = useSnapshot('steps')
  const meant = useVmMeant()
  return (
    <Box
      component="nav"
      aria-label="Pages"
      sx={{
        width: 224,
        flex: 'none',
        bgcolor: colour.rail,
        borderRight: 1,
        borderColor: 'divider',
        overflowY: 'auto',
        px: 1,
        py: 1.5,
      }}
    >
      <Group title="Setup" aside={meant}>
        {steps.map((step) => (
          <StepEntry key={step.id} step={step} selected={page === step.id} />
        ))}
      </Group>
      <Group title="Watch" row={PANEL_ROW}>
        {PANELS.map((panel) => (
          <Entry key={panel.id} selected={page === panel.id} page={panel.id}>
            <Box component="span" data-title sx={{ flex: 1, pl: 2.75 }}>
              {panel.title}
            </Box>
            <PanelState panel={panel.id} />
          </Entry>
        ))}
      </Group>
    </Box>
  )
}

/** What a panel has to say without being opened. */
function PanelState({ panel }: { panel: PanelId }) {
  const { vm, health } = useSnapshot('vm', 'health')
  if (panel === 'health') return <HealthState health={health} />
  return (
    <Typography component="span" variant="caption" color="text.secondary">
      {panel === 'vm' && vm !== null ? VM_STATE_WORDS[vm.state] : ''}
    </Typography>
  )
}

/** Before the first proof there is nothing to compare with, which is neither good nor bad. */
function HealthState({ health: { verdict, proven, changes } }: { health: Health }) {
  const count = changes === 1 ? '1 change' : `${changes} changes`
  const word = changes > 0 ? count : proven === null ? 'not proven yet' : VERDICT_LABELS[verdict.status]
  return (
    <>
      <Typography component="span" variant="caption" color="text.secondary" noWrap sx={{ flex: 'none' }}>
        {word}
      </Typography>
      {proven === null && changes === 0 ? null : <StatusMark status={verdict.status} size={14} />}
    </>
  )
}

function StepEntry({ step, selected }: { step: StepView; selected: boolean }) {
  return (
    <Entry selected={selected} page={step.id}>
      <Box
        component="span"
        sx={{ width: 14, flex: 'none', textAlign: 'right', color: 'text.secondary', fontWeight: 400 }}
      >
        {step.number}
      </Box>
      <Box component="span" data-title sx={{ flex: 1 }}>
        {step.title}
      </Box>
      <Typography component="span" variant="caption" color="text.secondary" noWrap sx={{ flex: 'none' }}>
        {VERDICT_LABELS[step.verdict.status]}
      </Typography>
      <StatusMark status={step.verdict.status} size={14} />
    </Entry>
  )
}

const ONE_LINE = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const

/** Height of a panel's row in pixels: with these the whole rail is seen at 1280x800, also under a banner. */
const PANEL_ROW = 28

interface GroupProps {
  title: string
  /** The VM it is about, where there are several. */
  aside?: string | null
  row?: number
  children: ReactNode
}

function Group({ title, aside = null, row = 32, children }: GroupProps) {
  return (
    <>
      <Typography variant="caption" color="text.secondary" sx={{ px: 1, display: 'flex', gap: 1 }} component="h2">
        <Box component="span" sx={{ fontWeight: 600 }}>
          {title}
        </Box>
        {aside === null ? null : (
          <Box component="span" title={aside} sx={{ flex: 1, minWidth: 0, textAlign: 'right', ...ONE_LINE }}>
            {aside}
          </Box>
        )}
      </Typography>
      <List dense disablePadding sx={{ mb: 1.5, mt: 0.5, '& .MuiListItemButton-root': { minHeight: row, py: 0 } }}>
        {children}
      </List>
    </>
  )
}

function Entry({ selected, page, children }: { selected: boolean; page: PageId; children: ReactNode }) {
  return (
    <ListItem disablePadding>
      <ListItemButton
        selected={selected}
        onClick={() => openPage(page)}
        aria-current={selected ? 'page' : undefined}
        sx={{ gap: 0.75, px: 1, fontSize: 13, fontWeight: selected ? 600 : 400 }}
      >
        {children}
      </ListItemButton>
    </ListItem>
  )
}
