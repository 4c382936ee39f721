import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Snackbar from '@mui/material/Snackbar'
import { useState } from 'react'
import type { Picture } from '#shared/ipc/picture.ts'
import type { View } from './zoom.ts'

interface ToolsProps {
  view: View
  /** Null: there is nothing to fold, or nothing left to unfold. */
  onFold: (() => void) | null
  onUnfold: (() => void) | null
  /** Gives the path it was saved to; null: the dialog was closed. */
  onSave: (kind: Picture['kind']) => Promise<string | null>
}

/** Zoom, folding, and saving the picture. */
export function Tools({ view, onFold, onUnfold, onSave }: ToolsProps) {
  const [savedTo, setSavedTo] = useState<string | null>(null)
  return (
    <Box sx={{ display: 'flex', gap: 1, '& button': { minWidth: 34, px: 1.25 } }} role="group" aria-label="Picture">
      <Tool name="Zoom out" onClick={() => view.change('out')}>
        −
      </Tool>
      <Tool name="Zoom to full size" onClick={() => view.change('full')}>
        {Math.round(view.zoom * 100)} %
      </Tool>
      <Tool name="Zoom in" onClick={() => view.change('in')}>
        +
      </Tool>
      <Tool name="Fit" onClick={() => view.change('fit')}>
        Fit
      </Tool>
      {onUnfold === null ? null : (
        <Tool name="Unfold all" onClick={onUnfold}>
          Unfold all
        </Tool>
      )}
      {onFold === null ? null : (
        <Tool name="Fold" onClick={onFold}>
          Fold
        </Tool>
      )}
      {(['svg', 'png'] as const).map((kind) => (
        <Tool key={kind} name={`Save as ${kind.toUpperCase()}…`} onClick={() => void onSave(kind).then(setSavedTo)}>
          {`Save as ${kind.toUpperCase()}…`}
        </Tool>
      ))}
      <Snackbar open={savedTo !== null} autoHideDuration={8000} onClose={() => setSavedTo(null)}>
        <Alert
          severity="success"
          variant="outlined"
          sx={{ bgcolor: 'background.paper' }}
          onClose={() => setSavedTo(null)}
        >
          Saved to {savedTo}.
        </Alert>
      </Snackbar>
    </Box>
  )
}

function Tool({ name, onClick, children }: { name: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Button
      variant="outlined"
      color="inherit"
      aria-label={name}
      onClick={onClick}
      sx={{ whiteSpace: 'nowrap', borderColor: 'divider' }}
    >
      {children}
    </Button>
  )
}
