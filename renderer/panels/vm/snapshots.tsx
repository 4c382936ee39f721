import Typography from '@mui/material/Typography'
import { vmPaths } from '../../../shared/vm/vm.ts'
import { Mono } from '../../components/mono.tsx'
import { Section } from '../../components/section.tsx'

/**
 * Why there is no button: savevm refuses devices whose state cannot be migrated (QEMU, docs/devel/migration/vfio.rst),
 * and a snapshot of the disk alone would no longer fit the UEFI variables and the TPM beside it.
 */
export function Snapshots({ name }: { name: string }) {
  return (
    <Section title="Snapshots">
      <Typography variant="body2">
        Not while it runs: what goes on inside the passed card cannot be saved, so QEMU refuses. While the VM is off,
        copy its directory <Mono>{vmPaths(name).home}</Mono>: disk, UEFI variables and TPM belong together.
      </Typography>
    </Section>
  )
}
