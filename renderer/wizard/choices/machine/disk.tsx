import Box from '@mui/material/Box'
import { useState } from 'react'
import type { Choices } from '../../../../shared/choices.ts'
import { useSnapshot } from '../../../stores/studio-store.ts'
import { Field, chooseMachine, pathOrNull } from './field.tsx'
import { type Option, OptionGroup } from './options.tsx'

type Disk = NonNullable<Choices['machine']['disk']>
type Kind = 'qcow2' | 'raw' | 'image'

const KINDS: readonly Option<Kind>[] = [
  { id: 'qcow2', title: 'New image', text: 'Grows as the guest writes; can hold snapshots (qcow2).', blocked: null },
  { id: 'raw', title: 'New raw image', text: 'A little faster, without snapshots.', blocked: null },
  { id: 'image', title: 'Existing image', text: 'A .qcow2 or raw file its user may write.', blocked: null },
]

const DEFAULT_GIB = { 'windows-11': 128, 'windows-10': 128, linux: 64, 'proof-guest': 0 } as const

/** A new image with its size, or the path of one that exists. */
export function DiskChoice() {
  const { choices } = useSnapshot()
  const { disk, profile } = choices.machine
  const [kind, setKind] = useState<Kind>(kindOf(disk))
  const sizeGiB = disk?.kind === 'new' ? disk.sizeGiB : DEFAULT_GIB[profile]
  const pick = (next: Kind) => {
    setKind(next)
    if (next !== 'image') chooseMachine(choices, { disk: { kind: 'new', format: next, sizeGiB } })
  }
  return (
    <>
      <OptionGroup label="Disk" value={kind} options={KINDS} choose={pick} />
      <Box sx={{ pt: 1, maxWidth: 480 }}>
        {kind === 'image' ? (
          <Field
            label="Disk image"
            value={disk?.kind === 'image' ? disk.path : ''}
            hint="Absolute path; a name ending in .qcow2 is taken as qcow2, any other as raw."
            change={(path) => ({ disk: { kind: 'image', path, format: path.endsWith('.qcow2') ? 'qcow2' : 'raw' } })}
            wide
          />
        ) : (
          <Field
            label="Size (GiB)"
            value={String(sizeGiB)}
            hint="All of it has to fit on this host’s disk. It is made once and not resized here."
            change={(text) => ({ disk: { kind: 'new', format: kind, sizeGiB: Number(text) } })}
            wide
          />
        )}
      </Box>
    </>
  )
}

function kindOf(disk: Disk | null): Kind {
  if (disk === null) return 'qcow2'
  return disk.kind === 'image' ? 'image' : disk.format
}

/** The discs the system is installed from. */
export function DiscChoices() {
  const { machine } = useSnapshot().choices
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1.5, pt: 0.5 }}>
      <Field
        label="Installation disc (ISO)"
        value={machine.installIso ?? ''}
        hint="Absolute path; empty it once the system is installed."
        change={(text) => ({ installIso: pathOrNull(text) })}
        wide
      />
      {machine.profile === 'linux' ? null : (
        <Field
          label="Driver disc (virtio-win ISO)"
          value={machine.driverIso ?? ''}
          hint="Windows setup needs its viostor driver to see the disk."
          change={(text) => ({ driverIso: pathOrNull(text) })}
          wide
        />
      )}
    </Box>
  )
}
