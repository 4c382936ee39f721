import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { type ChosenMore, type DiskBus, MORE_DISKS } from '#shared/vm/options/disk.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine, Field, Group } from '../field.tsx'
import type { Part } from '../fold.tsx'
import { firstFree, LeaveOut, withChanged, without } from '../numbered.tsx'
import { OptionField } from '../options.tsx'
import { HostDiskField, spareDisks } from './disk-fields.tsx'
import { NewImageFields } from './new-image.tsx'

const NEW_GIB = 128

/** Disks beside the system disk. Each keeps its number: file and place in the guest go by it. */
export function MoreDisks({ view, choices }: Part) {
  const { moreDisks } = choices.definition
  const free = firstFree(MORE_DISKS, moreDisks)
  const able = (id: DiskBus) => view.buses.some((one) => one.id === id && one.blocked === null)
  const bus = able('sata') ? 'sata' : 'virtio-blk'
  const add = (disk: ChosenMore['disk']) => {
    if (free !== undefined) chooseMachine(choices, { moreDisks: [...moreDisks, { number: free, bus, disk }] })
  }
  const spare = spareDisks(view, choices)[0]?.path
  return (
    <Group title="More disks">
      {moreDisks.map((more) => (
        <MoreDisk key={`${more.number} ${more.disk.kind}`} view={view} choices={choices} more={more} />
      ))}
      {free === undefined ? null : (
        <Box sx={{ display: 'flex', gap: 1 }}>
          <Button size="small" onClick={() => add({ kind: 'new', format: 'qcow2', sizeGiB: NEW_GIB })}>
            Add a new image
          </Button>
          <Button size="small" onClick={() => add({ kind: 'image', path: '/' })}>
            Add an existing image
          </Button>
          {spare === undefined ? null : (
            <Button size="small" onClick={() => add({ kind: 'device', path: spare })}>
              Add a whole disk of this host
            </Button>
          )}
        </Box>
      )}
    </Group>
  )
}

function MoreDisk({ view, choices, more }: Part & { more: ChosenMore }) {
  const { number } = more
  const others = choices.definition.moreDisks
  const named = `Disk ${number}`
  const changed = (part: Partial<ChosenMore>): Partial<Choices['definition']> => ({
    moreDisks: withChanged(others, more, part),
  })
  return (
    <Box
      role="group"
      aria-label={named}
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 2, pb: 1.5, pt: 0.5 }}
    >
      <DiskField view={view} choices={choices} more={more} changed={changed} />
      <OptionField
        options={view.buses}
        label={`${named}: bus`}
        value={more.bus}
        choose={(bus) => void chooseMachine(choices, changed({ bus }))}
      />
      <LeaveOut
        what={`disk ${number}`}
        leave={() => void chooseMachine(choices, { moreDisks: without(others, more) })}
      />
    </Box>
  )
}

/** What the disk is: the size of a new image, the path of one that is there, or which disk of the host. */
function DiskField({
  view,
  choices,
  more: { number, disk },
  changed,
}: Part & { more: ChosenMore; changed: (part: Partial<ChosenMore>) => Partial<Choices['definition']> }) {
  const named = `Disk ${number}`
  switch (disk.kind) {
    case 'new':
      return <NewImageFields image={disk} named={named} change={(image) => changed({ disk: image })} />
    case 'image':
      return (
        <Field
          label={`${named}: image`}
          value={disk.path}
          hint="Absolute path. Whether it is qcow2 or raw is read from the image."
          change={(path) => changed({ disk: { kind: 'image', path } })}
        />
      )
    case 'device':
      return (
        <HostDiskField
          label={`${named}: of this host`}
          path={disk.path}
          options={spareDisks(view, choices)}
          all={view.disks}
          choose={(path) => void chooseMachine(choices, changed({ disk: { kind: 'device', path } }))}
        />
      )
  }
}
