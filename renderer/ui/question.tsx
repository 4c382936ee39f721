import Button, { type ButtonProps } from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { type ReactNode, useId, useState } from 'react'

interface QuestionProps {
  title: string
  /** What is lost, or what happens, in words. */
  children: ReactNode
  /** The button that does it, e.g. `Force off`, and the one that does not. */
  yes: string
  no: string
  /** Something is lost by it for good. */
  danger?: boolean
  onYes: () => void
  onClose: () => void
}

/** A question before something is lost. The way out has the focus, so neither Enter nor Escape does any harm. */
export function Question({ title, children, yes, no, danger = false, onYes, onClose }: QuestionProps) {
  const id = useId()
  const act = () => {
    onClose()
    onYes()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      role="alertdialog"
      maxWidth="xs"
      fullWidth
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
    >
      <DialogTitle id={`${id}-title`} sx={{ fontSize: 16, fontWeight: 600, pb: 1, overflowWrap: 'anywhere' }}>
        {title}
      </DialogTitle>
      <DialogContent id={`${id}-text`} sx={{ pb: 1 }}>
        {children}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2, gap: 1 }}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- a dialog has to put the focus somewhere, and here it is safe */}
        <Button variant="outlined" color="inherit" autoFocus onClick={onClose}>
          {no}
        </Button>
        <Button variant="contained" color={danger ? 'error' : 'primary'} onClick={act}>
          {yes}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** A button that asks before it does anything. */
export function AskFirst({
  label,
  button,
  ...question
}: { label: string; button: Omit<ButtonProps, 'onClick'> } & Omit<QuestionProps, 'onClose'>) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button {...button} onClick={() => setAsking(true)}>
        {label}
      </Button>
      {asking ? <Question {...question} onClose={() => setAsking(false)} /> : null}
    </>
  )
}
