import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type ReactNode, useState } from 'react'
import { choose, useStudio } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { type Choices, choices as choicesSchema } from '#shared/wizard/choices.ts'

type Machine = Choices['definition']

/** Sends a part of the host's choice, if it fits; otherwise the reason why it does not. */
export function chooseMachine(choices: Choices, part: Partial<Machine>): string | null {
  const { name } = part
  const others = useStudio.getState().snapshot?.vms.filter(({ selected }) => !selected) ?? []
  if (name !== undefined && others.some((other) => other.name === name))
    return `Another VM is called “${name}” already.`
  const parsed = choicesSchema.safeParse({ ...choices, definition: { ...choices.definition, ...part } })
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'This does not fit.'
  void choose(parsed.data)
  return null
}

interface FieldProps {
  label: string
  value: string
  hint: string
  /** The part of the choice that the text stands for. */
  change: (text: string) => Partial<Machine>
  wide?: boolean
  /** Why it cannot be had on this host; what stands there can still be taken away. */
  blocked?: string | null
  /** Whether the text may have several lines. */
  lines?: boolean
}

/** A field's text while it is typed; sent on leaving the field, and only if it fits. */
export function Field({ label, value, hint, change, wide = false, blocked = null, lines = false }: FieldProps) {
  const { choices } = useSnapshot('choices')
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
      onBlur={() => setError(text === value ? null : chooseMachine(choices, change(text)))}
      sx={wide ? {} : { minWidth: 180, flex: 1 }}
    />
  )
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
