import { type Runner, toolText } from '#host/exec/tool-text.ts'
import type { Tool } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { ImageContents } from '#shared/facts/boot/boot-image.ts'

/** What lists an image, by generator. Each knows those of the others too, as far as it knows how they are packed. */
const LISTERS: readonly Tool[] = ['lsinitramfs', 'lsinitrd', 'lsinitcpio']

/** A path at the end of a line: lsinitrd prints as `ls -l` does, the others the path alone. */
const at = (path: string) => new RegExp(`(?<=^|[\\s/])${path}$`, 'mu')
const INIT = at(String.raw`init(?: -> \S+)?`)
const VFIO_PCI = at(String.raw`vfio[-_]pci\.ko(?:\.(?:xz|zst|gz))?`)
const INIT_TOP = at('scripts/init-top/passthrough-studio')
const EARLY_SCRIPT = at('etc/passthrough-studio/early-bind')
const RUNNERS = [at('lib/systemd/systemd'), at('hooks/passthrough-studio')]
const TELLING = [INIT, VFIO_PCI, INIT_TOP, EARLY_SCRIPT, ...RUNNERS]

/** The part of a line of a listing that contents are read from; null: there is none. */
export function tellingPart(line: string): string | null {
  return TELLING.map((pattern) => pattern.exec(line)?.[0] ?? null).find((part) => part !== null) ?? null
}

/** Looks into an image with what is installed here; unknown: nothing here can, or it may not be read. */
export async function imageContents(runner: Runner, path: string): Promise<OrUnknown<ImageContents>> {
  let why = 'no tool is installed that lists initramfs images'
  for (const tool of LISTERS) {
    const listing = await toolText(runner, tool, [path])
    if (listing === null) continue
    const contents = isUnknown(listing) ? null : contentsOf(listing)
    if (contents !== null) return contents
    why = isUnknown(listing) ? listing.unknown : `${tool} lists no initramfs in it`
  }
  return unknownBecause(why)
}

/** Reads a listing; null: it is none of an initramfs, which always has an `init`. */
export function contentsOf(listing: string): ImageContents | null {
  if (!INIT.test(listing)) return null
  return { vfioPci: VFIO_PCI.test(listing), rule: ruleIn(listing) }
}

/** initramfs-tools runs all of init-top; the script of the others needs systemd for its unit, or mkinitcpio's hook. */
function ruleIn(listing: string): ImageContents['rule'] {
  if (INIT_TOP.test(listing)) return 'runs'
  if (!EARLY_SCRIPT.test(listing)) return 'missing'
  return RUNNERS.some((runner) => runner.test(listing)) ? 'runs' : 'idle'
}
