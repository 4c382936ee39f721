import type { ComponentType } from 'react'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { Section } from '#renderer/ui/section.tsx'
import type { StepId } from '#shared/wizard/step-id.ts'
import { BindChoices } from './choices/bind-choices.tsx'
import { BootChoices } from './choices/boot-choices.tsx'
import { CardsChoices } from './choices/cards-choices.tsx'
import { MachineChoices } from './choices/definition-choices.tsx'
import { NetworkChoices } from './choices/network-choices.tsx'
import { LaunchChoices } from './choices/start-choices.tsx'

/** Steps that let the admin decide something. The others decide from evidence alone. */
const VIEWS: Readonly<Partial<Record<StepId, ComponentType>>> = {
  boot: BootChoices,
  cards: CardsChoices,
  bind: BindChoices,
  network: NetworkChoices,
  definition: MachineChoices,
  launch: LaunchChoices,
}

export function StepChoices({ step }: { step: StepId }) {
  const { selectionEpoch } = useSnapshot('selectionEpoch')
  const View = VIEWS[step]
  if (View === undefined) return null
  return (
    <Section key={selectionEpoch} title={step === 'launch' ? 'Display and input' : 'Choices'}>
      <View />
    </Section>
  )
}
