import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { AdvancedChoices, ProofChoices } from './definition/advanced.tsx'
import { DiscChoices, DiskChoice } from './definition/disk.tsx'
import { chooseMachine, Field, Group, numberOrNull } from './definition/field.tsx'
import { OptionGroup } from './definition/options.tsx'
import { WhichVm } from './definition/which-vm.tsx'

/** Step 8: what the VM is for, its size, its disk; the rest is decided and says why. */
export function MachineChoices() {
  const { choices, definition: view } = useSnapshot('choices', 'definition')
  const { definition } = choices
  if (view === null)
    return <Typography variant="body2">What can be chosen depends on QEMU, which is not known here yet.</Typography>
  const proof = definition.profile === 'proof-guest'
  return (
    <>
      <WhichVm />
      <Group title="What it is for">
        <OptionGroup
          label="What the VM is for"
          value={definition.profile}
          options={view.profiles}
          // What suited one system is decided anew for another.
          choose={(profile) => void chooseMachine(choices, { profile, secureBoot: null, tpm: null, screen: null })}
        />
      </Group>
      <Group title="Name and size">
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, pt: 0.5 }}>
          <Field label="Name" value={definition.name} hint="a-z, 0-9 and -" change={(name) => ({ name })} />
          <Field
            label="Memory (MiB)"
            value={String(definition.memoryMiB ?? '')}
            hint={hint(definition.memoryMiB, view.memory)}
            change={(text) => ({ memoryMiB: numberOrNull(text) })}
          />
          <Field
            label="Processors"
            value={String(definition.vcpus ?? '')}
            hint={hint(definition.vcpus, view.processors)}
            change={(text) => ({ vcpus: numberOrNull(text) })}
          />
        </Box>
      </Group>
      {proof ? (
        <ProofChoices view={view} />
      ) : (
        <>
          <Group title="Disk">
            <DiskChoice key={definition.profile} view={view} />
          </Group>
          <Group title="Installation">
            <DiscChoices />
          </Group>
          <AdvancedChoices view={view} />
        </>
      )}
    </>
  )
}

function hint(chosen: number | null, decided: { value: string; reason: string }): string {
  return chosen === null ? `Empty: ${decided.value}. ${decided.reason}` : 'Empty it to have it decided.'
}
