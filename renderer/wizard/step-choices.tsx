import type { ComponentType } from 'react'
import type { StepId } from '../../shared/change/step-id.ts'
import { Section } from '../components/section.tsx'
import { useSnapshot } from '../stores/studio-store.ts'
import { BindChoices } from './choices/bind-choices.tsx'
import { BootChoices } from './choices/boot-choices.tsx'
import { GpuChoices } from './choices/gpu-choices.tsx'
import { LaunchChoices } from './choices/launch-choices.tsx'
import { MachineChoices } from './choices/machine-choices.tsx'
import { NetworkChoices } from './choices/network-choices.tsx'

/** Steps that let the admin decide something. The others decide from evidence alone. */
const VIEWS: Readonly<Partial<Record<StepId, ComponentType>>> = {
  boot: BootChoices,
  gpu: GpuChoices,
  bind: BindChoices,
  network: NetworkChoices,
  machine: MachineChoices,
  launch: LaunchChoices,
}

export function StepChoices({ step }: { step: StepId }) {
  const { turn } = useSnapshot()
  const View = VIEWS[step]
  if (View === undefined) return null
  return (
    <Section key={turn} title={step === 'launch' ? 'Display and input' : 'Choices'}>
      <View />
    </Section>
  )
}
