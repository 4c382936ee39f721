import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type ReactNode, useState } from 'react'
import { type Choices, choices as choicesSchema } from '../../../shared/choices.ts'
import { call, useSnapshot } from '../../stores/studio-store.ts'

type Machine = Choices['machine']

/** A field's text while it is typed; sent on leaving the field, and only if it fits. */
function Field({
  label,
  value,
  hint,
  apply,
}: {
  label: string
  value: string
  hint: string
  apply: (text: string) => Machine | null
}) {
  const { choices } = useSnapshot()
  const [text, setText] = useState(value)
  const [error, setError] = useState<string | null>(null)
  const leave = () => {
    const machine = apply(text)
    const parsed = choicesSchema.safeParse({ ...choices, machine })
    setError(parsed.success ? null : (parsed.error.issues[0]?.message ?? 'This does not fit.'))
    if (parsed.success) void call('choose', parsed.data)
  }
  return (
    <TextField
      label={label}
      value={text}
      error={error !== null}
      helperText={error ?? hint}
      onChange={(event) => setText(event.target.value)}
      onBlur={leave}
      sx={{ minWidth: 180, flex: 1 }}
    />
  )
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

/** Step 8: name, size, and what the VM boots. */
export function MachineChoices() {
  const { machine } = useSnapshot().choices
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, mb: 1.5, pt: 0.5 }}>
        <Field label="Name" value={machine.name} hint="a-z, 0-9 and -" apply={(name) => ({ ...machine, name })} />
        <Field
          label="Memory (MiB)"
          value={String(machine.memoryMiB ?? '')}
          hint="Empty: decided for you"
          apply={(text) => ({ ...machine, memoryMiB: numberOrNull(text) })}
        />
        <Field
          label="Processors"
          value={String(machine.vcpus ?? '')}
          hint="Empty: decided for you"
          apply={(text) => ({ ...machine, vcpus: numberOrNull(text) })}
        />
      </Box>
      <BootChoice />
    </>
  )
}

function BootChoice() {
  const { choices } = useSnapshot()
  const { machine } = choices
  const [path, setPath] = useState(machine.boot.kind === 'disk' ? machine.boot.path : '')
  const usable = path.startsWith('/')
  const disk: Machine['boot'] = { kind: 'disk', path, format: path.endsWith('.qcow2') ? 'qcow2' : 'raw' }
  const setBoot = (boot: Machine['boot']) => void call('choose', { ...choices, machine: { ...machine, boot } })
  const leave = () => (machine.boot.kind === 'disk' && usable ? setBoot(disk) : undefined)
  return (
    <>
      <RadioGroup
        aria-label="What the VM boots"
        value={machine.boot.kind}
        onChange={(_event, kind) => setBoot(kind === 'disk' ? disk : { kind: 'proof-guest' })}
      >
        <Option value="proof-guest">
          The proof guest: this host’s own kernel with one script that reports the card it sees. Needs no disk and no
          installation.
        </Option>
        <Option value="disk" disabled={!usable}>
          An existing disk image with an operating system on it
        </Option>
      </RadioGroup>
      <TextField
        label="Disk image"
        value={path}
        fullWidth
        helperText="Absolute path of a .qcow2 or raw image. Windows installation, UEFI and TPM are not handled yet."
        onChange={(event) => setPath(event.target.value)}
        onBlur={leave}
        sx={{ mt: 1 }}
      />
    </>
  )
}

function Option({ value, disabled = false, children }: { value: string; disabled?: boolean; children: ReactNode }) {
  return (
    <FormControlLabel
      value={value}
      disabled={disabled}
      control={<Radio size="small" />}
      label={<Typography variant="body2">{children}</Typography>}
    />
  )
}
