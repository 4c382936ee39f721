import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { openPage } from '#renderer/state/view-store.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { colour } from '#renderer/ui/theme/theme.ts'
import type { Answer, Diagnosis, Said, Severity } from '#shared/ipc/diagnosis.ts'
import type { VerdictStatus } from '#shared/wizard/finding.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'

const MARKS: Readonly<Record<Severity, { status: VerdictStatus; word: string }>> = {
  blocker: { status: 'blocked', word: 'blocker' },
  error: { status: 'blocked', word: 'error' },
  warning: { status: 'needs-work', word: 'attention' },
  info: { status: 'ok', word: 'harmless' },
}

const SPEAKERS: Readonly<Record<Said, string>> = {
  kernel: 'the kernel',
  initramfs: 'the initramfs',
  bootloader: 'the boot loader',
  qemu: 'QEMU',
  libvirt: 'libvirt',
  shell: 'a tool',
  guest: 'the guest',
  windows: 'Windows',
  'looking-glass': 'Looking Glass',
  host: 'you',
}

/** What was recognised, the most relevant fault first; or that nothing was. */
export function DiagnoseAnswers({ diagnosis }: { diagnosis: Diagnosis }) {
  const { source, note, groups } = diagnosis
  return (
    <>
      <Typography variant="body2" color="text.secondary" role="status" sx={{ mb: 1 }}>
        {source ?? 'No log could be read.'} {note} {groups.length === 0 ? '' : `Recognised: ${groups.length}.`}
      </Typography>
      {groups.length === 0 ? (
        source === null ? null : (
          <NothingKnown />
        )
      ) : (
        <Box component="ul" aria-label="Answers" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {groups.map(([first, ...others]) =>
            first === undefined ? null : <Card key={first.id} answer={first} others={others} />,
          )}
        </Box>
      )}
    </>
  )
}

function NothingKnown() {
  return (
    <Box sx={{ display: 'flex', gap: 1.25, borderTop: 1, borderColor: 'divider', pt: 1.5 }}>
      <Box sx={{ pt: '3px' }}>
        <StatusMark status="unknown" />
      </Box>
      <Box>
        <Typography variant="body1">Nothing in it is known to this program. That does not mean all is well.</Typography>
        <Typography variant="body2" color="text.secondary" sx={{ mt: 0.5 }}>
          To report it, keep the text and add a report of this host. Look through the text before you publish it: it may
          name this host and its users.
        </Typography>
        <Button variant="outlined" color="inherit" sx={{ mt: 1 }} onClick={() => openPage('report')}>
          Make a report
        </Button>
      </Box>
    </Box>
  )
}

function Card({ answer, others }: { answer: Answer; others: readonly Answer[] }) {
  const { status, word } = MARKS[answer.severity]
  return (
    <Box
      component="li"
      data-answer={answer.id}
      sx={{
        display: 'grid',
        gridTemplateColumns: '16px 76px minmax(0, 1fr)',
        columnGap: 1,
        borderTop: 1,
        borderColor: 'divider',
        py: 1.5,
      }}
    >
      <Box sx={{ pt: '3px' }}>
        <StatusMark status={status} />
      </Box>
      <Typography variant="caption" sx={{ color: colour.state(status), fontWeight: 600, pt: '2px' }}>
        {word}
      </Typography>
      <Box>
        <Typography variant="body1" component="h2" sx={{ fontWeight: 500 }}>
          {answer.cause}
        </Typography>
        <Rows answer={answer} others={others} />
        <LeadsTo answer={answer} />
      </Box>
    </Box>
  )
}

function Rows({ answer, others }: { answer: Answer; others: readonly Answer[] }) {
  const { where, line, evidenceHere, fix } = answer
  return (
    <Box component="dl" sx={{ m: 0, mt: 0.75 }}>
      {line === null ? null : (
        <Row label={`From ${SPEAKERS[where]}`}>
          <Mono>{line}</Mono>
        </Row>
      )}
      <Row label="On this host">{evidenceHere}</Row>
      <Row label="What to do">{fix}</Row>
      {others.map((other) => (
        <Row key={other.id} label="Belongs to it">
          {other.line === null || other.line === line ? other.cause : <Mono>{other.line}</Mono>}
        </Row>
      ))}
    </Box>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '116px minmax(0, 1fr)', columnGap: 1, py: 0.25 }}>
      <Typography variant="body2" component="dt" color="text.secondary">
        {label}
      </Typography>
      <Typography variant="body2" component="dd" sx={{ m: 0, overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </Box>
  )
}

function LeadsTo({ answer: { step } }: { answer: Answer }) {
  if (step === null) return null
  return (
    <Button variant="outlined" color="inherit" sx={{ mt: 1 }} onClick={() => openPage(step)}>
      {`Go to step ${stepNumber(step)}`}
    </Button>
  )
}
