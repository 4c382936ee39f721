import Box from '@mui/material/Box'
import { useState } from 'react'
import type { ChosenDisk } from '#shared/vm/options/disk.ts'
import { chooseMachine, Field, Group, pathOrNull } from '../field.tsx'
import type { Part } from '../fold.tsx'
import { type Option, OptionField, OptionGroup, Tick } from '../options.tsx'
import { type NewDisk, NewImageFields } from './new-image.tsx'

type Kind = 'qcow2' | 'raw' | 'image' | 'device'

const KINDS: readonly Option<Exclude<Kind, 'device'>>[] = [
  { id: 'qcow2', title: 'New image', text: 'Grows as the guest writes; can hold snapshots (qcow2).', blocked: null },
  { id: 'raw', title: 'New raw image', text: 'A little faster, without snapshots.', blocked: null },
  { id: 'image', title: 'Existing image', text: 'A qcow2 or raw file its user may write.', blocked: null },
]

const DEFAULT_GIB = { 'windows-11': 128, 'windows-10': 128, linux: 64, 'proof-guest': 0 } as const

/** A new image with its size, the path of one that exists, or a whole disk of the host. */
export function DiskChoice({ view, choices }: Part) {
  const { disk, profile } = choices.definition
  const [kind, setKind] = useState<Kind>(kindOf(disk))
  const sizeGiB = DEFAULT_GIB[profile]
  const pick = (next: Kind) => {
    setKind(next)
    if (next === 'qcow2' || next === 'raw')
      chooseMachine(choices, { disk: { ...newImage(disk, { format: next, sizeGiB }), format: next } })
  }
  const options = [...KINDS, ...wholeDisk(view)]
  return (
    <>
      <OptionGroup label="Disk" value={kind} options={options} choose={pick} />
      <Box
        sx={{ pt: 1, display: 'flex', flexDirection: 'column', gap: 1.5, maxWidth: kind === 'device' ? 'none' : 480 }}
      >
        {kind === 'device' ? <WholeDisks view={view} disk={disk} choices={choices} /> : null}
        {kind === 'image' ? <ExistingImage view={view} disk={disk} choices={choices} /> : null}
        {kind === 'qcow2' || kind === 'raw' ? (
          <NewImageFields
            image={newImage(disk, { format: kind, sizeGiB })}
            change={(image) => ({ disk: image })}
            wide
          />
        ) : null}
      </Box>
      <Box sx={{ pt: 2 }}>
        <OptionField
          options={view.buses}
          label="Bus"
          value={choices.definition.diskBus}
          choose={(diskBus) => void chooseMachine(choices, { diskBus })}
        />
      </Box>
    </>
  )
}

/** The new image that is chosen; else one to begin with. */
function newImage(disk: ChosenDisk | null, begin: Pick<NewDisk, 'format' | 'sizeGiB'>): NewDisk {
  return disk?.kind === 'new' ? disk : { kind: 'new', ...begin }
}

const STARTS: readonly Option<'' | 'uefi' | 'bios'>[] = [
  { id: 'uefi', title: 'UEFI', text: 'It was installed with UEFI.', blocked: null },
  { id: 'bios', title: 'BIOS', text: 'It was installed without UEFI, as most systems before 2012.', blocked: null },
]

function startOf(bios: boolean | null): '' | 'uefi' | 'bios' {
  return bios === null ? '' : bios ? 'bios' : 'uefi'
}

/** What an image is stands in its bytes; its name says nothing. */
function ExistingImage({ view, disk, choices }: Part & { disk: ChosenDisk | null }) {
  const { imageFormat: other } = view
  const path = disk?.kind === 'image' ? disk.path : ''
  return (
    <>
      <Field
        label="Disk image"
        value={path}
        hint="Absolute path. Whether it is qcow2 or raw is read from the image."
        // Another image may start otherwise.
        change={(text) => ({ disk: { kind: 'image', path: text }, bios: null })}
        wide
      />
      {view.bios.asked ? (
        <Box sx={{ pt: 1 }}>
          <Group title="How the system on it starts">
            <OptionGroup
              label="How the system on it starts"
              value={startOf(choices.definition.bios)}
              options={STARTS}
              choose={(how) => void chooseMachine(choices, { bios: how === 'bios' })}
            />
          </Group>
        </Box>
      ) : null}
      {other === null ? null : (
        <Tick
          title={`Take it as ${other}`}
          text="That is what it is by its first bytes."
          checked={false}
          choose={() => void chooseMachine(choices, { disk: { kind: 'image', path, format: other } })}
        />
      )}
    </>
  )
}

/** Only shown on a host whose disks are known. With none to spare the reasons are shown all the same. */
function wholeDisk({ disks }: Part['view']): Option<'device'>[] {
  if (disks.length === 0) return []
  const spare = disks.filter(({ blocked }) => blocked === null).length
  const count =
    spare === 0 ? 'None of this host’s disks can be spared; see why.' : `${spare} of ${disks.length} can be spared.`
  return [
    {
      id: 'device',
      title: 'A whole disk of this host',
      text: `Fastest; the guest owns what is on it. ${count}`,
      blocked: null,
    },
  ]
}

function WholeDisks({ view, disk, choices }: Part & { disk: ChosenDisk | null }) {
  const options = view.disks.map(({ path, title, text, blocked }) => ({
    id: path ?? text,
    title,
    text,
    blocked: blocked === null ? null : `${text}. ${blocked}`,
  }))
  return (
    <Box sx={{ pl: 3.5 }}>
      <OptionGroup
        label="Disk of this host"
        value={disk?.kind === 'device' ? disk.path : ''}
        options={options}
        choose={(path) => void chooseMachine(choices, { disk: { kind: 'device', path } })}
      />
    </Box>
  )
}

function kindOf(disk: ChosenDisk | null): Kind {
  if (disk === null) return 'qcow2'
  return disk.kind === 'new' ? disk.format : disk.kind
}

/** The discs the system is installed from. */
export function DiscChoices({ choices: { definition } }: Pick<Part, 'choices'>) {
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1.5, pt: 0.5 }}>
      <Field
        label="Installation disc (ISO)"
        value={definition.installIso ?? ''}
        hint="Absolute path; empty it once the system is installed. Until then a start waits until somebody opens the screen."
        change={(text) => ({ installIso: pathOrNull(text) })}
        wide
      />
      {definition.profile === 'linux' ? null : (
        <Field
          label="Driver disc (virtio-win ISO)"
          value={definition.driverIso ?? ''}
          hint="In Windows setup load viostor to see the disk, and NetKVM for the network that Windows 11 asks for."
          change={(text) => ({ driverIso: pathOrNull(text) })}
          wide
        />
      )}
    </Box>
  )
}
