import Box from '@mui/material/Box'
import TextField, { type TextFieldProps } from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type ReactNode, useState } from 'react'
import { chooseIfFits, useStudio } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import type { Choices } from '#shared/wizard/choices.ts'

type Machine = Choices['definition']

/** Sends a part of the host's choice, if it fits; otherwise the reason why it does not. */
export function chooseMachine(choices: Choices, part: Partial<Machine>): string | null {
  const { name } = part
  const others = useStudio.getState().snapshot?.vms.filter(({ selected }) => !selected) ?? []
  if (name !== undefined && others.some((other) => other.name === name))
    return `Another VM is called “${name}” already.`
  return chooseIfFits({ ...choices, definition: { ...choices.definition, ...part } })
}

interface TypedProps {
  label: string
  value: string
  hint?: string
  /** Takes what was typed; returns why it does not fit, null: it does. */
  send: (text: string) => string | null
  wide?: boolean
  /** Why it cannot be had on this host; what stands there can still be taken away. */
  blocked?: string | null
  /** Whether the text may have several lines. */
  lines?: boolean
  sx?: TextFieldProps['sx']
}

/** A field's text while it is typed; sent on leaving the field, and only if it fits. */
export function TypedField(props: TypedProps) {
  const { label, value, hint, send, wide = false, blocked = null, lines = false, sx = SHARES_A_ROW } = props
  const [text, setText] = useState(value)
  const [error, setError] = useState<string | null>(null)
  return (
    <TextField
      label={label}
      value={text}
      error={error !== null}
      helperText={error ?? blocked ?? hint}
      disabled={blocked !== null && value === ''}
      fullWidth={wide}
      multiline={lines}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => setError(text === value ? null : send(text))}
      sx={wide ? {} : sx}
    />
  )
}

const SHARES_A_ROW = { minWidth: 180, flex: 1 }

/** The same for a part of step 8's choice: `change` says which one the text stands for. */
export function Field({
  change,
  ...typed
}: { change: (text: string) => Partial<Machine> } & Omit<TypedProps, 'send' | 'sx'>) {
  const { choices } = useSnapshot('choices')
  return <TypedField {...typed} send={(text) => chooseMachine(choices, change(text))} />
}

/** Choices that belong together, under a small title. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box role="group" aria-label={title} sx={{ mb: 2 }}>
      <Typography variant="body2" sx={{ fontWeight: 600, mb: 0.5 }}>
        {title}
      </Typography>
      {children}
    </Box>
  )
}

export function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

export function pathOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}
