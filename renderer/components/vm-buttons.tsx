import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import type { VmStatus } from '../../shared/vm/vm.ts'
import type { StepView } from '../../shared/window/wizard.ts'
import { call, useSnapshot } from '../stores/studio-store.ts'
import { ForceOff } from './force-off.tsx'

/** Start, or prove, shut down and force off: the same on the last step and in the VM panel. */
export function VmButtons({ working }: { working: boolean }) {
  const { vm, steps, choices } = useSnapshot()
  const launch = steps.find((step) => step.id === 'launch')
  const start = (
    <Button
      variant="contained"
      disabled={working || vm === null || launch === undefined || barred(launch)}
      onClick={() => void call('vmStart', choices.machine.name)}
      sx={{ whiteSpace: 'nowrap' }}
    >
      Start the VM
    </Button>
  )
  if (vm === null || isOff(vm)) return start
  return (
    <Stack direction="row" spacing={1}>
      {/* A guest that takes its time to shut down must not bar this. */}
      <ForceOff name={vm.name} disabled={working && vm.state !== 'stopping'} />
      {vm.state === 'starting' ? start : <Running name={vm.name} working={working || vm.state !== 'running'} />}
    </Stack>
  )
}

/** One that needs attention may be gone or still there; only what is there has a beginning. */
function isOff({ state, since }: VmStatus): boolean {
  return state === 'off' || state === 'unknown' || (state === 'attention' && since === null)
}

function Running({ name, working }: { name: string; working: boolean }) {
  return (
    <>
      <Button variant="outlined" disabled={working} onClick={() => void call('vmProve', null)}>
        Prove the card in the guest
      </Button>
      <Button variant="contained" disabled={working} onClick={() => void call('vmShutDown', name)}>
        Shut down
      </Button>
    </>
  )
}

/** Anything that fails except the report itself, which only a started guest can give. */
function barred(launch: StepView): boolean {
  return launch.findings.some((finding) => finding.status === 'fail' && finding.code !== 'guest-report')
}
