import { vmUser } from '#core/definition/definition.ts'
import type { Host } from '#host/host.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { chosenInstallers } from '#shared/vm/answers/installers.ts'
import type { Choices } from '#shared/wizard/choices.ts'

/**
 * Looks at disk images, ROM files, shared directories and installers that are chosen as the VM's user finds them, but
 * those that these facts have.
 */
export async function withImages(host: Host, facts: Facts, { definition }: Choices): Promise<Facts> {
  const user = vmUser(facts)
  const disks = [definition.disk, ...definition.moreDisks.map(({ disk }) => disk)]
  const installers = definition.answers === null ? [] : chosenInstallers(definition.answers)
  const roms = definition.roms.flatMap(({ file }) => file ?? [])
  const folders = definition.sharedFolders.map(({ directory }) => directory)
  const images = disks.flatMap((disk) => (disk?.kind === 'image' ? [disk.path] : []))
  const paths = [...images, ...roms, ...folders, ...installers.map(({ path }) => path)]
  const unseen = [...new Set(paths)].filter((path) => facts.images[path] === undefined)
  if (user === null || unseen.length === 0) return facts
  const seen = await Promise.all(unseen.map(async (path) => [path, await host.image(path, user)] as const))
  return { ...facts, images: { ...facts.images, ...Object.fromEntries(seen) } }
}
