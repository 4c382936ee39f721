import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useCall } from '#renderer/state/use-call.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { StatusMark } from '#renderer/ui/status-mark.tsx'
import { size } from '#shared/base/size.ts'
import { type ImageRoom, roomTrouble } from '#shared/vm/disk-snapshots.ts'
import type { VmState } from '#shared/vm/vm.ts'
import { SnapshotTable } from './snapshot-table.tsx'
import { TakeSnapshot } from './take-snapshot.tsx'

/** Snapshots of the VM while it is off, or why there can be none; read again after each action. */
export function Snapshots({ state, working }: { state: VmState; working: boolean }) {
  /** An action may be over before the window saw it begin. */
  const [done, setDone] = useState(0)
  const snapshots = useCall('snapshots.list', working ? null : `${state} ${done}`)
  if (snapshots === null) return null
  const { why, image, list } = snapshots
  const after = () => setDone((times) => times + 1)
  return (
    <Section title="Snapshots">
      {why === null ? null : (
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {why}
        </Typography>
      )}
      {image === null ? null : (
        <>
          <Room image={image} empty={list.length === 0} />
          {list.length === 0 ? null : <SnapshotTable {...{ list, working, after }} />}
          <TakeSnapshot taken={list.map(({ name }) => name)} {...{ working, after }} />
        </>
      )}
    </Section>
  )
}

/** Where they lie; a snapshot has no size of its own, it shares the image's clusters with the others. */
function Room({ image, empty }: { image: ImageRoom; empty: boolean }) {
  const trouble = roomTrouble(image, size)
  return (
    <>
      <Typography
        variant="body2"
        color={empty ? 'text.primary' : 'text.secondary'}
        sx={{ mb: 1, overflowWrap: 'anywhere' }}
      >
        {empty
          ? 'None yet. A snapshot keeps the disk as it is now, and UEFI settings and TPM where the VM has them, to go back to later. '
          : null}
        Snapshots lie in <Mono>{image.path}</Mono>, which takes {size(image.taken)} with them; {size(image.free)} are
        free there.
      </Typography>
      {trouble === null ? null : (
        <Box sx={{ display: 'flex', gap: 1, mb: 1 }}>
          <Box sx={{ display: 'flex', pt: '3px' }}>
            <StatusMark status="needs-work" />
          </Box>
          <Typography variant="body2">{trouble}</Typography>
        </Box>
      )}
    </>
  )
}
