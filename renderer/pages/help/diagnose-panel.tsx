import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { ask, clearDiagnosis, typeText, useDiagnose } from '#renderer/state/diagnose-store.ts'
import { Panel } from '#renderer/ui/panel.tsx'
import { MONO } from '#renderer/ui/theme/theme.ts'
import { DiagnoseAnswers } from './diagnose-answers.tsx'

/** Explains errors: a pasted text, the VM's own log or the kernel's, each answer with what this host shows of it. */
export function DiagnosePanel() {
  const { diagnosis, working } = useDiagnose()
  return (
    <Panel title="Diagnose" about="Explains known errors of pass-through, and what this host shows of them.">
      <Box sx={{ maxWidth: 880 }}>
        <PasteBox />
        <Asking />
        {diagnosis === null ? <Blank working={working} /> : <DiagnoseAnswers diagnosis={diagnosis} />}
      </Box>
    </Panel>
  )
}

function PasteBox() {
  const text = useDiagnose((store) => store.text)
  return (
    <TextField
      label="Error or log"
      placeholder="Paste what QEMU, libvirt, the kernel or Windows said"
      value={text}
      onChange={(event) => typeText(event.target.value)}
      multiline
      minRows={4}
      maxRows={8}
      fullWidth
      slotProps={{
        inputLabel: { shrink: true },
        htmlInput: { spellCheck: false, style: { fontFamily: MONO, fontSize: 12, lineHeight: 1.5 } },
      }}
    />
  )
}

function Asking() {
  const { text, diagnosis, working } = useDiagnose()
  const blank = text.trim() === ''
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1.5, mb: 2 }}>
      <Button variant="contained" disabled={working || blank} onClick={() => void ask({ kind: 'text', text })}>
        Explain this text
      </Button>
      <Button color="inherit" disabled={blank && diagnosis === null} onClick={clearDiagnosis}>
        Clear
      </Button>
      <Box sx={{ flex: 1 }} />
      <Button variant="outlined" color="inherit" disabled={working} onClick={() => void ask({ kind: 'vm-log' })}>
        Read this VM’s log
      </Button>
      <Button variant="outlined" color="inherit" disabled={working} onClick={() => void ask({ kind: 'kernel-log' })}>
        Read the kernel log
      </Button>
    </Box>
  )
}

function Blank({ working }: { working: boolean }) {
  return (
    <Typography variant="body2" color="text.secondary" role="status">
      {working
        ? 'Reading.'
        : 'Nothing was read yet. Addresses, group numbers, time stamps and line breaks do not matter; nothing leaves this host.'}
    </Typography>
  )
}
