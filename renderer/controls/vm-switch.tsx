import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { VM_STATE_WORDS } from '#shared/vm/vm.ts'
import { call } from '../state/studio-store.ts'
import { useSnapshot, useWorking } from '../state/use-snapshot.ts'

/** Which VM the wizard and this page are about, with the state of each; nothing while there is only one. */
export function VmSwitch() {
  const { vms, choices } = useSnapshot('vms', 'choices')
  const working = useWorking()
  if (vms.length < 2) return null
  return (
    <TextField
      select
      label="VM"
      value={choices.definition.name}
      disabled={working}
      onChange={(event) => void call('vms.select', event.target.value)}
      slotProps={{ select: { renderValue: (name) => String(name) } }}
      sx={{ width: 240, flex: 'none' }}
    >
      {vms.map(({ name, state, configured }) => (
        <MenuItem key={name} value={name} dense sx={{ gap: 2 }}>
          <Box component="span" sx={{ flex: 1 }}>
            {name}
          </Box>
          <Box component="span" sx={{ color: 'text.secondary', fontSize: 12 }}>
            {configured ? VM_STATE_WORDS[state] : `${VM_STATE_WORDS[state]}, found on this host`}
          </Box>
        </MenuItem>
      ))}
    </TextField>
  )
}

/** Tells which VM is meant; nothing while there is only one. */
export function useVmMeant(): string | null {
  const { vms, choices } = useSnapshot('vms', 'choices')
  return vms.length < 2 ? null : choices.definition.name
}
