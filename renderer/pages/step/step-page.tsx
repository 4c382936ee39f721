import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { Findings } from '#renderer/controls/findings.tsx'
import { Proof } from '#renderer/controls/proof.tsx'
import { useVmMeant, VmSwitch } from '#renderer/controls/vm-switch.tsx'
import { useSnapshot, useWorking } from '#renderer/state/use-snapshot.ts'
import { Section } from '#renderer/ui/section.tsx'
import { VerdictLine } from '#renderer/ui/verdict-line.tsx'
import type { StepView } from '#shared/ipc/snapshot.ts'
import type { StepId } from '#shared/wizard/step-id.ts'
import { HostTextSection } from './host-text-section.tsx'
import { LspciSection } from './lspci-section.tsx'
import { PaperNote } from './paper-note.tsx'
import { PlanSection } from './plan-section.tsx'
import { Progress } from './progress.tsx'
import { StepChoices } from './step-choices.tsx'
import { StepFooter } from './step-footer.tsx'

/** One frame for all nine steps: verdict, findings, choices, changes, the paper, and one button. */
export function StepPage({ step }: { step: StepView }) {
  const { phase } = useSnapshot('phase')
  const active = phase.kind === 'applying' || phase.kind === 'verifying' || phase.kind === 'undoing' ? phase : null
  const working = useWorking()
  return (
    <Box component="main" sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
      <Box sx={{ flex: 1, overflowY: 'auto', px: 3, pt: 2.5 }}>
        <Box sx={{ maxWidth: 880 }}>
          <Title step={step} />
          {active === null ? (
            <>
              {step.id === 'launch' ? <Proof /> : null}
              <Section title="Findings">
                <Findings findings={step.findings} step={step.id} />
              </Section>
              {step.id === 'verify' ? <LspciSection /> : null}
              <StepChoices step={step.id} />
              <PlanSection step={step} />
              <HostTextSection hostText={step.hostText} />
              <PaperNote paper={step.paper} />
            </>
          ) : (
            <Progress phase={active} />
          )}
        </Box>
      </Box>
      <StepFooter key={step.plan.id} step={step} working={working} />
    </Box>
  )
}

/** Steps whose choices are the selected VM's own; all others are about the card and the host. */
const OF_ONE_VM: readonly StepId[] = ['network', 'definition', 'launch']

function Title({ step }: { step: StepView }) {
  const meant = useVmMeant()
  const vm = OF_ONE_VM.includes(step.id) ? meant : null
  return (
    <Box sx={{ mb: 2.5, display: 'flex', alignItems: 'flex-start', gap: 2 }}>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="h1">
          <Box component="span" sx={{ color: 'text.secondary', mr: 0.75, fontWeight: 400 }}>
            {step.number}
          </Box>{' '}
          {step.title}
          {vm === null ? null : (
            <Box component="span" sx={{ color: 'text.secondary', fontWeight: 400 }}>
              {` · ${vm}`}
            </Box>
          )}
        </Typography>
        <VerdictLine verdict={step.verdict} />
      </Box>
      {step.id === 'launch' ? <VmSwitch /> : null}
    </Box>
  )
}
