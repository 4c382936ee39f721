import { ENTRY_DIRECTORIES, ESP_PLACES, OWN_FILES, RESCUE_ENTRY } from '#shared/base/own-files.ts'
import type { System } from '#shared/base/system.ts'
import { menuName } from '#shared/facts/boot/loader-entry.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { Regenerate } from '#shared/plan/tool-command.ts'
import { isInitramfsImage } from '../allow-list/paths.ts'

/** A change whose tool writes files itself. */
type ToolChange = Regenerate | ChangeOf<'kernel-args'>

/** Images that no tool builds, and leftovers of one that was interrupted. */
const NOT_BUILT = /rescue|kdump|\.(?:bak|old|new|dpkg-bak)$/u

/**
 * The files a tool writes: those the plan names, and those that lie where this tool writes. Undo puts back what was
 * kept, so a plan that leaves one out must not have it left as the tool made it.
 */
export async function writtenBy(system: System, change: ToolChange): Promise<string[]> {
  const there: string[] = []
  for (const path of await usualOutputs(system, change)) {
    if ((await system.state(path))?.kind === 'file') there.push(path)
  }
  return [...new Set([...change.outputs, ...there])]
}

async function usualOutputs(system: System, change: ToolChange): Promise<string[]> {
  switch (change.tool) {
    case 'update-initramfs':
    case 'dracut':
    case 'mkinitcpio':
      return (await namesIn(system, '/boot')).filter((path) => isInitramfsImage(path) && !NOT_BUILT.test(path))
    case 'update-grub':
      return ['/boot/grub/grub.cfg']
    case 'kernel-install':
      return [...(await entriesBelow(system, ENTRY_DIRECTORIES)), ...(await unifiedImages(system))].filter((path) =>
        menuName(path).endsWith(`-${change.kernel}`),
      )
    case 'grubby':
      return [
        ...(await entriesBelow(system, ENTRY_DIRECTORIES)),
        ...[OWN_FILES.kernelCmdline, OWN_FILES.grubDefaults, '/boot/grub2/grubenv'],
      ]
    case 'kernelstub':
      return [...(await entriesBelow(system, ENTRY_DIRECTORIES)), '/etc/kernelstub/configuration']
    case 'grub-mkconfig':
    case 'grub2-mkconfig':
    case 'proxmox-boot-tool':
    case 'sdbootutil':
    case 'rpm-ostree':
      return []
  }
}

/** Entry files in these directories, without ours, which is written and removed by itself. */
export async function entriesBelow(system: System, directories: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(directories.map((directory) => namesIn(system, directory)))
  return lists.flat().filter((path) => path.endsWith('.conf') && !path.endsWith(`/${RESCUE_ENTRY}`))
}

async function unifiedImages(system: System): Promise<string[]> {
  const lists = await Promise.all(ESP_PLACES.map((place) => namesIn(system, `${place}/EFI/Linux`)))
  return lists.flat().filter((path) => path.endsWith('.efi'))
}

async function namesIn(system: System, directory: string): Promise<string[]> {
  const listed = await system.list(directory)
  return listed.kind === 'names' ? listed.names.map((name) => `${directory}/${name}`) : []
}
