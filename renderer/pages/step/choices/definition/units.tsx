import Typography from '@mui/material/Typography'
import type { DefinitionView } from '#shared/ipc/definition-view.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine, Group } from './field.tsx'
import type { Part } from './fold.tsx'
import { Tick } from './options.tsx'

type Unit = DefinitionView['units'][number]

/** Which of the reserved units the VM takes; with a single one there is nothing to choose. */
export function UnitTicks({ view, choices }: Part) {
  const { units } = view
  if (units.length === 0 || (units.length === 1 && units[0]?.taken === true)) return null
  const none = units.every(({ taken }) => !taken)
  return (
    <Group title="What it takes of this host">
      {none ? (
        <Typography variant="body2" color="text.secondary">
          Tick at least one: step 4 reserved these for VMs.
        </Typography>
      ) : null}
      {units.map((unit) => (
        <Tick
          key={unit.address}
          title={unit.title}
          text={unit.text}
          checked={unit.taken}
          choose={(on) => void chooseMachine(choices, taking(units, unit, on))}
        />
      ))}
    </Group>
  )
}

/** The VM's cards and further devices with one more, or one less; what was decided counts as chosen from then on. */
function taking(units: readonly Unit[], unit: Unit, on: boolean): Partial<Choices['definition']> {
  const others = units.filter(({ taken, address }) => taken && address !== unit.address)
  const wanted = on ? [...others, unit] : others
  const of = (kind: Unit['kind']) => wanted.filter((one) => one.kind === kind).map(({ address }) => address)
  return { cards: of('card'), extraDevices: of('device') }
}
