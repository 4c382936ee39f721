import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { DiffView } from '#renderer/ui/diff-view.tsx'
import { Quote } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { changeText } from '#shared/plan/change.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'

const RISKS = {
  none: '',
  reversible: 'All of it can be taken back.',
  'may-lose-display': 'A screen of this host goes dark. It can be taken back.',
  'may-lose-network': 'The network may be interrupted. It can be taken back.',
} as const

/** What this step would change, as diffs with reasons, or as a script a person could run. */
export function PlanSection({ step }: { step: StepView }) {
  const [asScript, setAsScript] = useState(false)
  const { plan } = step
  if (plan.changes.length === 0) return null
  const toggle = (
    <Button size="small" variant="text" onClick={() => setAsScript(!asScript)} sx={{ minHeight: 24, fontSize: 12 }}>
      {asScript ? 'Show as diff' : 'Show as script'}
    </Button>
  )
  return (
    <Section title={`Changes (${plan.changes.length})`} aside={toggle}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {RISKS[plan.risk]} {plan.rebootNeeded ? 'A reboot is needed afterwards.' : 'No reboot is needed.'}
      </Typography>
      {asScript ? (
        <Quote label="The plan as a script">{step.planAsScript}</Quote>
      ) : (
        plan.changes.map((change, index) => <ChangeRow key={index} number={index + 1} planned={change} />)
      )}
    </Section>
  )
}

function ChangeRow({ number, planned }: { number: number; planned: PlannedChange }) {
  const { change, reason, before } = planned
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: '20px 1fr', gap: 1, py: 0.75 }}>
      <Typography variant="body2" color="text.secondary" sx={{ textAlign: 'right' }}>
        {number}
      </Typography>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" sx={{ fontWeight: 500 }}>
          {changeText(change)}
        </Typography>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 'text' in change ? 0.75 : 0 }}>
          {reason}
        </Typography>
        {'text' in change ? <DiffView path={change.path} before={before} after={change.text} /> : null}
      </Box>
    </Box>
  )
}
