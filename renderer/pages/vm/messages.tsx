import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { ask, typeText } from '#renderer/state/diagnose-store.ts'
import { useCall } from '#renderer/state/use-call.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { openPage } from '#renderer/state/view-store.ts'
import { Quote } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'

/** How much of the end is shown; a log of this size is rare, and Diagnose reads all of it. */
const LAST_LINES = 200

/** What QEMU wrote, read again whenever the VM's state changes, and the way to its explanation. */
export function Messages() {
  const { vm } = useSnapshot('vm')
  const log = useCall('vms.log', vm?.state ?? 'none')
  if (log === null) return null
  const text = log.text?.trimEnd() ?? ''
  const shown = text.split('\n').slice(-LAST_LINES).join('\n')
  const explain = () => {
    typeText(shown)
    openPage('diagnose')
    void ask({ kind: 'text', text: shown })
  }
  const aside =
    text === '' ? null : (
      <Button size="small" onClick={explain} sx={{ minHeight: 24, py: 0 }}>
        Explain
      </Button>
    )
  return (
    <Section title="QEMU’s messages" aside={aside}>
      {text === '' ? (
        <Typography variant="body2" color="text.secondary">
          {log.text === null ? log.why : 'None since the last start; QEMU writes here only when something is wrong.'}
        </Typography>
      ) : (
        <Quote label={log.path} height={200}>
          {shown}
        </Quote>
      )}
    </Section>
  )
}
