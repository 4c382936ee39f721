import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import type { ViewerName } from '#shared/facts/viewers.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import type { DisplayMethod } from '#shared/wizard/display.ts'

/** A program of this host that shows the guest. */
export interface ViewerCommand {
  name: ViewerName
  title: string
  args: string[]
}

/**
 * The installed program that shows this VM: Looking Glass where it shares its picture, else a SPICE viewer; the latter
 * first where it was chosen.
 */
export function viewerCommand(
  definition: VmDefinition,
  installed: OrUnknown<string[]>,
  see: DisplayMethod | null,
): ViewerCommand | null {
  const both = [...lookingGlass(definition), ...spiceViewer(definition)]
  const commands = see === 'spice' ? both.reverse() : both
  return commands.find(({ name }) => !isUnknown(installed) && installed.includes(name)) ?? null
}

/** looking-glass-client(1): -f the shared memory, -c and -p 0 a unix socket of SPICE, -s without SPICE. */
function lookingGlass({ name, lookingGlassMiB, kvmfr, spice }: VmDefinition): ViewerCommand[] {
  if (lookingGlassMiB === null) return []
  const paths = vmPaths(name)
  const input = spice ? ['-c', paths.spice, '-p', '0'] : ['-s']
  const args = ['-f', kvmfr ? KVMFR_NODE : paths.sharedPicture, ...input]
  return [{ name: 'looking-glass-client', title: 'Looking Glass', args }]
}

/** It shows QEMU's own screen, so there has to be one. */
function spiceViewer({ name, spice, screen }: VmDefinition): ViewerCommand[] {
  if (!spice || !screen) return []
  return [{ name: 'remote-viewer', title: 'SPICE viewer', args: [`spice+unix://${vmPaths(name).spice}`] }]
}
