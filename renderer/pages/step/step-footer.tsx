import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { VmButtons } from '#renderer/controls/vm-buttons.tsx'
import { WayOnButton } from '#renderer/controls/way-on.tsx'
import { call } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { openPage } from '#renderer/state/view-store.ts'
import { plural } from '#shared/base/text.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { STEP_IDS, stepNumber } from '#shared/wizard/step-id.ts'
import { AccountPassword } from './account-password.tsx'
import { fixStep, primaryLabel } from './primary.ts'
import { useSaid } from './said.ts'

/** Undo at the left, the one primary action at the right. */
export function StepFooter({ step, working }: { step: StepView; working: boolean }) {
  const { privilege, barred } = useSnapshot('privilege', 'barred')
  const changes = step.plan.changes.length > 0 && step.id !== 'launch'
  const said = useSaid(step, changes)
  const stopped = working || !said.complete || (changes && (!privilege.canChange || barred !== null))
  return (
    <Box sx={{ flex: 'none', borderTop: 1, borderColor: 'divider', bgcolor: 'background.paper', px: 3, py: 1.25 }}>
      {said.account === null ? null : (
        <AccountPassword account={said.account} value={said.password} onType={said.typePassword} />
      )}
      <Box sx={{ maxWidth: 880, display: 'flex', alignItems: 'center', gap: 2 }}>
        {step.undoable > 0 ? (
          <Button variant="outlined" color="inherit" disabled={working} onClick={() => void call('plan.undo', step.id)}>
            {`Undo step (${plural(step.undoable, 'change')})`}
          </Button>
        ) : null}
        <Confirm confirm={said.confirm} typed={said.typed} onType={said.type} />
        {step.id === 'launch' ? (
          <VmButtons working={working} />
        ) : (
          <ApplyButton step={step} stopped={stopped} changes={changes} apply={said.apply} />
        )}
      </Box>
    </Box>
  )
}

interface ConfirmProps {
  confirm: StepView['plan']['confirm']
  typed: string
  onType: (text: string) => void
}

/** The danger in words, and the device name that has to be typed; an empty spacer where there is none. */
function Confirm({ confirm, typed, onType }: ConfirmProps) {
  if (confirm === null) return <Box sx={{ flex: 1 }} />
  return (
    <Box sx={{ flex: 1, minWidth: 0, display: 'flex', alignItems: 'center', gap: 1.5, justifyContent: 'flex-end' }}>
      <Typography variant="body2" color="error">
        {confirm.danger} Type {confirm.type}:
      </Typography>
      <TextField
        value={typed}
        onChange={(event) => onType(event.target.value)}
        placeholder={confirm.type}
        sx={{ width: 110, flex: 'none' }}
        slotProps={{ htmlInput: { 'aria-label': `Type ${confirm.type} to confirm` } }}
      />
    </Box>
  )
}

const ONE_LINE = { whiteSpace: 'nowrap' } as const

interface ApplyButtonProps {
  step: StepView
  stopped: boolean
  changes: boolean
  apply: () => void
}

function ApplyButton({ step, stopped, changes, apply }: ApplyButtonProps) {
  const { phase, privilege } = useSnapshot('phase', 'privilege')
  if (phase.kind === 'needs-reboot' && phase.step === step.id && !changes) {
    return (
      <Button variant="contained" onClick={() => void call('host.reboot', null)} sx={{ whiteSpace: 'nowrap' }}>
        Reboot now
      </Button>
    )
  }
  const next = STEP_IDS[step.number]
  const go = changes ? apply : () => openPage(next ?? null)
  const first = fixStep(step)
  const readOnly = changes && privilege.wayOn !== 'none'
  return (
    <>
      <Button
        variant={first === null && !readOnly ? 'contained' : 'outlined'}
        disabled={stopped}
        onClick={go}
        sx={ONE_LINE}
      >
        {primaryLabel(step)}
      </Button>
      {readOnly ? <WayOnButton wayOn={privilege.wayOn} contained={first === null} /> : null}
      {first === null ? null : (
        <Button variant="contained" onClick={() => openPage(first)} sx={ONE_LINE}>
          {`Go to step ${stepNumber(first)}`}
        </Button>
      )}
    </>
  )
}
