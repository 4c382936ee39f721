import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { Quote } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'
import type { HostText } from '#shared/wizard/host-text.ts'

/** What this distribution's own tool or configuration takes for the step, to be copied. */
export function HostTextSection({ hostText }: { hostText: HostText | null }) {
  const [copied, setCopied] = useState<string | null>(null)
  if (hostText === null) return null
  const { title, about, text } = hostText
  const copy = (
    <Button
      size="small"
      variant="text"
      onClick={() => void call('app.copyText', text).then(() => setCopied(text))}
      sx={{ minHeight: 24, fontSize: 12 }}
    >
      {copied === text ? 'Copied' : 'Copy'}
    </Button>
  )
  return (
    <Section title={title} aside={copy}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {about}
      </Typography>
      <Quote label={`${title}: the lines`}>{text}</Quote>
    </Section>
  )
}
