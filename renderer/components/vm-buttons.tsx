import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import type { Finding } from '../../shared/change/finding.ts'
import { isThere, isUp } from '../../shared/vm/vm.ts'
import type { StepView } from '../../shared/window/wizard.ts'
import { call, useSnapshot } from '../stores/studio-store.ts'
import { ForceOff } from './force-off.tsx'

/** Start, or prove, shut down and force off: the same on the last step and in the VM panel. */
export function VmButtons({ working }: { working: boolean }) {
  const { vm, steps, phase } = useSnapshot()
  const launch = steps.find((step) => step.id === 'launch')
  const bar = launch === undefined ? null : barring(launch)
  if (vm === null || !isThere(vm))
    return <Start working={working || vm === null || launch === undefined || bar !== null} label="Start the VM" />
  return (
    <Stack direction="row" spacing={1}>
      {/* A VM that takes its time to start, report or shut down must not bar this. */}
      <ForceOff name={vm.name} disabled={working && !(phase.kind === 'applying' && phase.step === 'launch')} />
      {vm.waits ? <Start working={working} label="Let it go on" /> : null}
      {isUp(vm.state) && vm.state !== 'starting' ? (
        <Running name={vm.name} working={working || vm.state !== 'running'} />
      ) : null}
    </Stack>
  )
}

function Start({ working, label }: { working: boolean; label: string }) {
  const { choices } = useSnapshot()
  return (
    <Button
      variant="contained"
      disabled={working}
      onClick={() => void call('vmStart', choices.machine.name)}
      sx={{ whiteSpace: 'nowrap' }}
    >
      {label}
    </Button>
  )
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

/** What bars a start: anything that fails except the report itself, which only a started guest can give. */
export function barring(launch: StepView): Finding | null {
  return launch.findings.find(({ status, code }) => status === 'fail' && code !== 'guest-report') ?? null
}
