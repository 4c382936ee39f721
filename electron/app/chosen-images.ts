import { vmUser } from '#core/definition/definition.ts'
import { newImage } from '#core/definition/disk/disk-file.ts'
import { gatherFile } from '#host/gather/gather.ts'
import type { Host } from '#host/host.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { chosenInstallers } from '#shared/vm/answers/installers.ts'
import type { Choices } from '#shared/wizard/choices.ts'

/**
 * Looks at disk images, ROM files, shared directories and installers that are chosen as the VM's user finds them, and at
 * directories for new images, but those that these facts have.
 */
export async function withImages(host: Host, facts: Facts, { definition }: Choices): Promise<Facts> {
  const placed = await withPlaces(host, facts, definition)
  const user = vmUser(facts)
  const disks = disksOf(definition)
  const installers = definition.answers === null ? [] : chosenInstallers(definition.answers)
  const roms = definition.roms.flatMap(({ file }) => file ?? [])
  const folders = definition.sharedFolders.map(({ directory }) => directory)
  const images = disks.flatMap(({ disk }) => (disk.kind === 'image' ? [disk.path] : []))
  const paths = [...images, ...roms, ...folders, ...installers.map(({ path }) => path)]
  const unseen = [...new Set(paths)].filter((path) => facts.images[path] === undefined)
  if (user === null || unseen.length === 0) return placed
  const seen = await Promise.all(unseen.map(async (path) => [path, await host.image(path, user)] as const))
  return { ...placed, images: { ...facts.images, ...Object.fromEntries(seen) } }
}

/** The notes beside images that were made there tell that they were, as those of a VM's own directory do. */
async function withPlaces(host: Host, facts: Facts, definition: Choices['definition']): Promise<Facts> {
  const chosen = disksOf(definition).flatMap(({ number, disk }) => {
    if (disk.kind !== 'new' || disk.place === undefined) return []
    return [{ directory: disk.place, note: `${newImage(definition.name, disk, number)}.json` }]
  })
  const directories = [...new Set(chosen.map(({ directory }) => directory))]
  const unseen = directories.filter((directory) => facts.places[directory] === undefined)
  const notes = chosen.map(({ note }) => note).filter((note) => facts.files[note] === undefined)
  if (unseen.length === 0 && notes.length === 0) return facts
  const [places, files] = await Promise.all([
    Promise.all(unseen.map(async (directory) => [directory, await host.place(directory)] as const)),
    Promise.all(notes.map(async (note) => [note, await gatherFile(host, note)] as const)),
  ])
  return {
    ...facts,
    places: { ...facts.places, ...Object.fromEntries(places) },
    files: { ...facts.files, ...Object.fromEntries(files) },
  }
}

function disksOf({ disk, moreDisks }: Choices['definition']) {
  return [...(disk === null ? [] : [{ number: 1, disk }]), ...moreDisks]
}
