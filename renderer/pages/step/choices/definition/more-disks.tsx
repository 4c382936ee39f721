import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { type ChosenMore, type DiskBus, MORE_DISKS } from '#shared/vm/options/disk.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine, Field, Group } from './field.tsx'
import type { Part } from './fold.tsx'

const NEW_GIB = 128

/** Which bus a disk is on, with what that means for the guest. */
export function BusField({
  view,
  label,
  value,
  choose,
}: Pick<Part, 'view'> & { label: string; value: DiskBus; choose: (bus: DiskBus) => void }) {
  const chosen = view.buses.find(({ id }) => id === value)
  return (
    <TextField
      select
      label={label}
      value={value}
      helperText={chosen?.blocked ?? chosen?.text}
      onChange={(event) => {
        const found = view.buses.find(({ id }) => id === event.target.value)
        if (found !== undefined) choose(found.id)
      }}
      sx={{ width: 240 }}
    >
      {view.buses.map(({ id, title, blocked }) => (
        <MenuItem key={id} value={id} disabled={blocked !== null}>
          {title}
        </MenuItem>
      ))}
    </TextField>
  )
}

/** Disks beside the system disk. Each keeps its number: file and place in the guest go by it. */
export function MoreDisks({ view, choices }: Part) {
  const { moreDisks } = choices.definition
  const free = MORE_DISKS.find((number) => !moreDisks.some((more) => more.number === number))
  const able = (id: DiskBus) => view.buses.some((one) => one.id === id && one.blocked === null)
  const bus = able('sata') ? 'sata' : 'virtio-blk'
  const add = (disk: ChosenMore['disk']) => {
    if (free !== undefined) chooseMachine(choices, { moreDisks: [...moreDisks, { number: free, bus, disk }] })
  }
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
        </Box>
      )}
    </Group>
  )
}

function MoreDisk({ view, choices, more }: Part & { more: ChosenMore }) {
  const { number, disk } = more
  const others = choices.definition.moreDisks
  const named = `Disk ${number}`
  const changed = (part: Partial<ChosenMore>): Partial<Choices['definition']> => ({
    moreDisks: others.map((one) => (one.number === number ? { ...one, ...part } : one)),
  })
  return (
    <Box
      role="group"
      aria-label={named}
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 2, pb: 1.5 }}
    >
      {disk.kind === 'new' ? (
        <Field
          label={`${named}: size (GiB)`}
          value={String(disk.sizeGiB)}
          hint="A new image that grows as the guest writes."
          change={(text) => changed({ disk: { ...disk, sizeGiB: Number(text) } })}
        />
      ) : (
        <Field
          label={`${named}: image`}
          value={disk.path}
          hint="Absolute path. Whether it is qcow2 or raw is read from the image."
          change={(path) => changed({ disk: { kind: 'image', path } })}
        />
      )}
      <BusField
        view={view}
        label={`${named}: bus`}
        value={more.bus}
        choose={(bus) => void chooseMachine(choices, changed({ bus }))}
      />
      <Button
        variant="text"
        color="inherit"
        onClick={() => void chooseMachine(choices, { moreDisks: others.filter((one) => one.number !== number) })}
      >
        {`Leave out disk ${number}`}
      </Button>
    </Box>
  )
}
