import Typography from '@mui/material/Typography'
import { chooseMachine } from './field.tsx'
import { Fold, type Part } from './fold.tsx'
import { Tick } from './options.tsx'

const KEPT =
  'Machine type, UEFI, UUID, MAC address and the PCI address of each device are chosen once and kept. Another option moves none of the others.'

/** What the guest takes its machine for, and what is newer on this host: taken only when somebody says so. */
export function HardwareChoice({ view, choices }: Part) {
  const { hardware, hardwareUpdate: update } = view
  const offered = update === null ? '' : update.taken ? ', to be updated' : ', newer is offered'
  return (
    <Fold title="Hardware" state={`${hardware}${offered}`}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {KEPT}
      </Typography>
      {update === null ? null : (
        <Tick
          title="Update the VM’s hardware"
          text={`${update.changes.join(' ')} The guest sees a new machine; Windows may ask for activation. Take a snapshot of the disk first.`}
          checked={update.taken}
          choose={(on) => void chooseMachine(choices, { hardwareUpdate: on ? update.id : null })}
        />
      )}
    </Fold>
  )
}
