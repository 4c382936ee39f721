import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { VmSwitch } from '#renderer/controls/vm-switch.tsx'
import { call } from '#renderer/state/studio-store.ts'
import { useSnapshot, useWorking } from '#renderer/state/use-snapshot.ts'
import { newVmName } from '#shared/base/new-vm-name.ts'
import { freeVmName, holdsDevices, type VmEntry } from '#shared/vm/vm.ts'

const SMALL = { minHeight: 28, px: 1, py: 0, fontSize: 12, whiteSpace: 'nowrap' } as const

/** What is being asked about the VMs; null: nothing. */
type Asking = { kind: 'new' } | { kind: 'forget'; name: string } | null

/** Which VM step 8 is about, a new one, and forgetting one of the others. With one VM it is one small button. */
export function WhichVm() {
  const { vms } = useSnapshot('vms')
  const [asking, setAsking] = useState<Asking>(null)
  const done = () => setAsking(null)
  if (asking?.kind === 'new') return <NewVm done={done} />
  const forgotten = asking === null ? undefined : vms.find(({ name }) => name === asking.name)
  if (forgotten !== undefined) return <Forget vm={forgotten} done={done} />
  return <Tools ask={setAsking} />
}

function Tools({ ask }: { ask: (asking: Asking) => void }) {
  const { vms } = useSnapshot('vms')
  const working = useWorking()
  const several = vms.length > 1
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'center',
        flexWrap: 'wrap',
        gap: 1,
        mb: several ? 2 : 0.5,
        ml: several ? 0 : -1,
      }}
    >
      <VmSwitch />
      <Button variant="text" size="small" disabled={working} sx={SMALL} onClick={() => ask({ kind: 'new' })}>
        New VM…
      </Button>
      {vms
        .filter(({ selected }) => !selected)
        .map(({ name }) => (
          <Button
            key={name}
            variant="text"
            size="small"
            color="inherit"
            disabled={working}
            sx={{ ...SMALL, color: 'text.secondary' }}
            onClick={() => ask({ kind: 'forget', name })}
          >
            {`Forget “${name}”…`}
          </Button>
        ))}
    </Box>
  )
}

/** The name of a new VM; everything else is chosen on the page it opens. */
function NewVm({ done }: { done: () => void }) {
  const { vms } = useSnapshot('vms')
  const names = vms.map(({ name }) => name)
  const [name, setName] = useState(() => freeVmName(names))
  const wrong = whyNot(name, names)
  const add = () => {
    done()
    void call('vms.add', name)
  }
  return (
    <Box
      component="form"
      aria-label="New VM"
      onSubmit={(event) => {
        event.preventDefault()
        if (wrong === null) add()
      }}
      sx={{ display: 'flex', alignItems: 'flex-start', gap: 1, mb: 2, pt: 0.5 }}
    >
      <TextField
        label="Name of the new VM"
        value={name}
        error={wrong !== null}
        helperText={wrong ?? 'It takes the same card in turn. Nothing is written yet.'}
        onChange={(event) => setName(event.target.value)}
        slotProps={{ htmlInput: { ref: (input: HTMLInputElement | null) => input?.focus() } }}
        sx={{ width: 360 }}
      />
      <Button type="submit" variant="outlined" disabled={wrong !== null}>
        Add
      </Button>
      <Button variant="text" color="inherit" onClick={done}>
        Cancel
      </Button>
    </Box>
  )
}

/** Why a VM cannot be called so; null: it can. */
export function whyNot(name: string, taken: readonly string[]): string | null {
  if (taken.includes(name)) return `Another VM is called “${name}” already.`
  return newVmName.safeParse(name).error?.issues[0]?.message ?? null
}

function Forget({ vm, done }: { vm: VmEntry; done: () => void }) {
  const up = holdsDevices(vm)
  const forget = () => {
    done()
    void call('vms.forget', vm.name)
  }
  return (
    <Box role="group" aria-label={`Forget ${vm.name}`} sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 2 }}>
      <Typography variant="body2" sx={{ flex: 1 }}>
        {up
          ? `“${vm.name}” is up. Shut it down before it is forgotten.`
          : `What was chosen for “${vm.name}” and what it proved is dropped, and what step 8 wrote for it is taken back. A disk a guest has written to stays.`}
      </Typography>
      {up ? null : (
        <Button variant="outlined" color="error" onClick={forget} sx={{ whiteSpace: 'nowrap' }}>
          {`Forget “${vm.name}”`}
        </Button>
      )}
      <Button variant="text" color="inherit" onClick={done} sx={{ whiteSpace: 'nowrap' }}>
        {up ? 'Close' : 'Keep it'}
      </Button>
    </Box>
  )
}
