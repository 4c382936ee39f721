import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { AdvancedChoices, ProofChoices } from './definition/advanced.tsx'
import { AnswersChoice } from './definition/answers/answers.tsx'
import { AtStartChoices } from './definition/at-start.tsx'
import { SizeFields } from './definition/compute.tsx'
import { DiscChoices, DiskChoice } from './definition/disks/disk.tsx'
import { MoreDisks } from './definition/disks/more-disks.tsx'
import { Group } from './definition/field.tsx'
import { NameField, ProfileChoice } from './definition/machine.tsx'
import { UnitTicks } from './definition/units.tsx'
import { WhichVm } from './definition/which-vm.tsx'

/** Step 8: what the VM is for, its size, its disk; the rest is decided and says why. */
export function MachineChoices() {
  const { choices, definition: view } = useSnapshot('choices', 'definition')
  if (view === null)
    return <Typography variant="body2">What can be chosen depends on QEMU, which is not known here yet.</Typography>
  const { profile } = choices.definition
  const part = { view, choices }
  return (
    <>
      <WhichVm />
      <Group title="What it is for">
        <ProfileChoice {...part} />
        <UnitTicks {...part} />
      </Group>
      <AtStartChoices {...part} />
      <Group title="Name and size">
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, pt: 0.5 }}>
          <NameField choices={choices} />
          <SizeFields {...part} />
        </Box>
      </Group>
      {profile === 'proof-guest' ? (
        <ProofChoices {...part} />
      ) : (
        <>
          <Group title="Disk">
            <DiskChoice key={profile} {...part} />
          </Group>
          <MoreDisks {...part} />
          <Group title="Installation">
            <DiscChoices choices={choices} />
            <Box sx={{ mt: 1.5 }}>
              <AnswersChoice {...part} />
            </Box>
          </Group>
          <AdvancedChoices {...part} />
        </>
      )}
    </>
  )
}
