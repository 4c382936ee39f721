import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { Finding, Fix } from '#shared/wizard/finding.ts'
import { findingKey } from '#shared/wizard/finding.ts'
import { type StepId, stepNumber } from '#shared/wizard/step-id.ts'
import { call } from '../state/studio-store.ts'
import { useWorking } from '../state/use-snapshot.ts'
import { openPage, showEvidence } from '../state/view-store.ts'
import { FINDING_WORDS, markOf, StatusMark } from '../ui/status-mark.tsx'
import { colour } from '../ui/theme/theme.ts'
import { SetJournalAside } from './set-journal-aside.tsx'

const SMALL = {
  minHeight: 24,
  minWidth: 0,
  px: 0.75,
  py: 0,
  fontSize: 12,
  fontWeight: 500,
  whiteSpace: 'nowrap',
} as const

/** Judgements, one a row; `step`: the one whose page this is. what each rests on is one click away, and so is the step that mends it. */
export function Findings({ findings, step }: { findings: readonly Finding[]; step: StepId | null }) {
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {findings.map((finding) => (
        <Row key={findingKey(finding)} finding={finding} here={step} />
      ))}
    </Box>
  )
}

function Row({ finding, here }: { finding: Finding; here: StepId | null }) {
  const { status, text, fix, evidence } = finding
  const open = status === 'pass' ? null : fix
  const leadsTo = open === null || open.step === here ? null : open.step
  return (
    <Box
      component="li"
      data-finding={finding.code}
      sx={{ display: 'grid', gridTemplateColumns: '16px 92px 1fr auto', gap: 1, alignItems: 'start', px: 0.5, py: 0.5 }}
    >
      <Box sx={{ display: 'flex', pt: '4px' }}>
        <StatusMark status={markOf(status)} />
      </Box>
      <Typography variant="caption" sx={{ color: colour.state(markOf(status)), fontWeight: 600, pt: '3px' }}>
        {FINDING_WORDS[status]}
      </Typography>
      <Box sx={{ pt: '2px' }}>
        <Typography variant="body2">{text}</Typography>
        {open === null ? null : (
          <Typography variant="body2" color="text.secondary" sx={{ whiteSpace: 'pre-line' }}>
            {open.text}
          </Typography>
        )}
      </Box>
      <Box sx={{ display: 'flex', gap: 0.5 }}>
        {leadsTo === null ? null : (
          <Button variant="text" sx={SMALL} onClick={() => openPage(leadsTo)}>
            {`Go to step ${stepNumber(leadsTo)}`}
          </Button>
        )}
        <Deed fix={open} />
        <Button
          variant="text"
          sx={SMALL}
          aria-label={`Evidence: ${text}`}
          onClick={() => showEvidence({ title: text, evidence })}
        >
          Evidence
        </Button>
      </Box>
    </Box>
  )
}

/** The button that does what a finding asks for, where one can. */
function Deed({ fix }: { fix: Fix | null }) {
  const working = useWorking()
  const does = fix?.action ?? null
  if (does === null) return null
  if (does === 'set-journal-aside') return <SetJournalAside sx={SMALL} />
  const [words, act] =
    does === 'read-closed'
      ? ['Read as administrator', () => void call('host.readBootMenu', null)]
      : [`Shut down “${does.shutDown}”`, () => void call('vms.shutDown', does.shutDown)]
  return (
    <Button variant="text" sx={SMALL} disabled={working} onClick={act}>
      {words}
    </Button>
  )
}
