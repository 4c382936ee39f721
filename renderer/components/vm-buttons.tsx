import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import type { StepView } from '../../shared/wizard.ts'
import { call, useSnapshot } from '../stores/studio-store.ts'

/** Start, or shut down and force off: the same on the last step and in the VM panel. */
export function VmButtons({ working }: { working: boolean }) {
  const { vm, steps } = useSnapshot()
  const launch = steps.find((step) => step.id === 'launch')
  if (vm?.state !== 'running') {
    return (
      <Button
        variant="contained"
        disabled={working || vm === null || launch === undefined || barred(launch)}
        onClick={() => void call('vmStart', null)}
        sx={{ whiteSpace: 'nowrap' }}
      >
        Start the VM
      </Button>
    )
  }
  return (
    <Stack direction="row" spacing={1}>
      <Button variant="outlined" color="error" disabled={working} onClick={() => void call('vmForceOff', null)}>
        Force off
      </Button>
      <Button variant="contained" disabled={working} onClick={() => void call('vmShutDown', null)}>
        Shut down
      </Button>
    </Stack>
  )
}

/** Anything that fails except the report itself, which only a started guest can give. */
function barred(launch: StepView): boolean {
  return launch.findings.some((finding) => finding.status === 'fail' && finding.code !== 'guest-report')
}
