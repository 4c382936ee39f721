import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Part } from '../fold.tsx'

interface HostDisk {
  path: string
  title: string
}

/** Whole disks of the host that can be spared and that the VM has not got yet. */
export function spareDisks({ disks }: Part['view'], { definition: { disk, moreDisks } }: Choices): HostDisk[] {
  const taken = [disk, ...moreDisks.map((more) => more.disk)].flatMap((one) =>
    one?.kind === 'device' ? [one.path] : [],
  )
  return disks.flatMap(({ path, title, blocked }) =>
    path === null || blocked !== null || taken.includes(path) ? [] : [{ path, title }],
  )
}

/** Which of the host's disks it is. */
export function HostDiskField({
  label,
  path,
  options,
  all,
  choose,
}: {
  label: string
  path: string
  options: readonly HostDisk[]
  all: Part['view']['disks']
  choose: (path: string) => void
}) {
  const own = all.find((disk) => disk.path === path)
  return (
    <TextField
      select
      label={label}
      value={path}
      helperText={
        own === undefined ? 'It is not there.' : (own.blocked ?? `${own.text}; the guest owns what is on it.`)
      }
      onChange={(event) => choose(event.target.value)}
      sx={{ minWidth: 180, flex: 1 }}
    >
      {[{ path, title: own?.title ?? path }, ...options].map((disk) => (
        <MenuItem key={disk.path} value={disk.path}>
          {disk.title}
        </MenuItem>
      ))}
    </TextField>
  )
}
