import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { FOLDERS, type SharedFolder } from '#shared/vm/options/shared-folders.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { chooseMachine, Field } from './field.tsx'
import type { Part } from './fold.tsx'
import { firstFree, LeaveOut, withChanged, without } from './numbered.tsx'
import { Tick } from './options.tsx'

/** Says which folders are shared, for the closed fold. */
export function foldersState({ choices: { definition } }: Part): string {
  const tags = definition.sharedFolders.map(({ tag }) => tag)
  return tags.length === 0 ? 'none' : tags.join(', ')
}

/** Directories of this host that the guest has too, and what to do in the guest. */
export function SharedFolders({ view, choices }: Part) {
  const { sharedFolders, profile } = choices.definition
  const free = firstFree(FOLDERS, sharedFolders)
  const add = (number: number) => {
    const tag = freeTag(sharedFolders)
    chooseMachine(choices, { sharedFolders: [...sharedFolders, { number, directory: '/srv', tag, readOnly: true }] })
  }
  return (
    <>
      <Typography variant="body2" sx={{ color: 'text.secondary', pb: 1 }}>
        {view.sharingBlocked ?? ABOUT}
      </Typography>
      {sharedFolders.map((folder) => (
        <FolderRow key={folder.number} choices={choices} folder={folder} />
      ))}
      {sharedFolders.length === 0 ? null : <InGuest windows={profile !== 'linux'} folders={sharedFolders} />}
      {free === undefined ? null : (
        <Button size="small" disabled={view.sharingBlocked !== null} onClick={() => add(free)}>
          Share a folder
        </Button>
      )}
    </>
  )
}

const ABOUT =
  'The guest reaches them as the VM’s user, whoever asks there. Share directories made for it: programs of this host may run what a guest wrote. The VM’s memory is shared for it, so the kernel gives it no huge pages by itself; choose them above where speed counts.'

/** The first name of its kind that is free. */
function freeTag(folders: readonly SharedFolder[]): string {
  const taken = folders.map(({ tag }) => tag)
  return ['share', 'share2', 'share3', 'share4'].find((tag) => !taken.includes(tag)) ?? 'share5'
}

function FolderRow({ choices, folder }: Pick<Part, 'choices'> & { folder: SharedFolder }) {
  const others = choices.definition.sharedFolders
  const named = `Folder ${folder.number}`
  const changed = (part: Partial<SharedFolder>): Partial<Choices['definition']> => ({
    sharedFolders: withChanged(others, folder, part),
  })
  return (
    <Box role="group" aria-label={named} sx={{ pt: 0.5, pb: 1 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 2 }}>
        <Field
          label={`${named}: directory of this host`}
          value={folder.directory}
          hint="Absolute path. The VM’s user has to be let in."
          change={(directory) => changed({ directory: directory.trim() })}
        />
        <Field
          label={`${named}: tag`}
          value={folder.tag}
          hint="The name by which the guest mounts it."
          change={(tag) => changed({ tag: tag.trim() })}
        />
        <LeaveOut
          what={`folder ${folder.number}`}
          leave={() => void chooseMachine(choices, { sharedFolders: without(others, folder) })}
        />
      </Box>
      <Tick
        title={`${named}: read only`}
        text="The guest changes nothing in it."
        checked={folder.readOnly}
        choose={(readOnly) => void chooseMachine(choices, changed({ readOnly }))}
      />
    </Box>
  )
}

/** How the guest gets at them (virtio-fs' documentation; virtio-win's for Windows). */
function InGuest({ windows, folders }: { windows: boolean; folders: readonly SharedFolder[] }) {
  const tag = folders[0]?.tag ?? ''
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary', pb: 1 }}>
      {windows
        ? 'In the guest: install WinFsp and virtio-win’s guest tools, then start the service VirtIO-FS (VirtioFsSvc). It shows one folder as a drive.'
        : `In the guest, as root: mount -t virtiofs ${tag} /mnt. Its root, and the user with the id of the VM’s user, may write.`}
    </Typography>
  )
}
