import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { holdsDevices, type VmStatus } from '#shared/vm/vm.ts'
import { type Finding, startBlocker } from '#shared/wizard/finding.ts'
import { call } from '../state/studio-store.ts'
import { useSnapshot } from '../state/use-snapshot.ts'
import { ForceOff } from './force-off.tsx'
import { Reset } from './reset.tsx'

/** Start, or prove, shut down and force off: the same on the last step and in the VM panel. */
export function VmButtons({ working }: { working: boolean }) {
  const { vm } = useSnapshot('vm')
  const bar = useBar()
  if (vm !== null && holdsDevices(vm)) return <Present vm={vm} working={working} />
  return <Start disabled={working || vm === null || bar !== null} label="Start the VM" />
}

/** What can be done with a VM whose QEMU is there. */
function Present({ vm, working }: { vm: VmStatus; working: boolean }) {
  const { phase } = useSnapshot('phase')
  // A VM that takes its time to start, report or shut down must not bar this.
  const awaited = phase.kind === 'applying' && phase.step === 'launch'
  return (
    <Stack direction="row" spacing={1}>
      <ForceOff name={vm.name} disabled={working && !awaited} />
      {vm.state === 'running' ? <Reset name={vm.name} disabled={working} /> : null}
      {vm.resumable ? <Start disabled={working} label="Let it go on" /> : null}
      {vm.state === 'running' || vm.state === 'stopping' ? (
        <Running name={vm.name} working={working || vm.state !== 'running'} />
      ) : null}
    </Stack>
  )
}

function Start({ disabled, label }: { disabled: boolean; label: string }) {
  const { choices } = useSnapshot('choices')
  return (
    <Button
      variant="contained"
      disabled={disabled}
      onClick={() => void call('vms.start', choices.definition.name)}
      sx={{ whiteSpace: 'nowrap' }}
    >
      {label}
    </Button>
  )
}

function Running({ name, working }: { name: string; working: boolean }) {
  return (
    <>
      <Button variant="outlined" disabled={working} onClick={() => void call('vms.prove', null)}>
        Prove the card in the guest
      </Button>
      <Button variant="contained" disabled={working} onClick={() => void call('vms.shutDown', name)}>
        Shut down
      </Button>
    </>
  )
}

/** What bars a start now; null: nothing, undefined: step 9 has said nothing yet, which is no leave to start. */
export function useBar(): Finding | null | undefined {
  const launch = useSnapshot('steps').steps.find((step) => step.id === 'launch')
  return launch === undefined ? undefined : startBlocker(launch.findings)
}
