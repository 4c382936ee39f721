import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { type Regenerate, regenerateCommand, runsAgain } from '#shared/plan/tool-command.ts'
import { assertBootMenu, assertInitramfsOutput } from '../allow-list/paths.ts'
import { type Handler, REVERTED, type Work } from '../handler.ts'
import { waitForBootTools } from '../wait-for-boot-tools.ts'
import { ostreeInitramfs } from './ostree-initramfs.ts'

const MARGIN = 64 * 1024 * 1024
/** A tool of the distribution that writes files: they are kept before it runs, and put back byte for byte. */
function regenerating(assertPath: (path: string) => void): Handler<Regenerate> {
  return {
    async check(work, change) {
      change.outputs.forEach(assertPath)
      assertComplete(change)
      await assertRoom(work, change)
    },

    async capture({ backups }, change) {
      const files = []
      for (const path of change.outputs.flatMap(withSidecars)) files.push(await backups.save(path))
      return { files, createdDirectories: [], values: {} }
    },

    apply: (work, change) => regenerate(work, change),

    async revert({ backups, system }, change, entry) {
      if (entry.after === null) await waitForBootTools(system)
      for (const saved of entry.before.files) {
        if (await backups.untouchedSince(entry, saved)) {
          await backups.restore(saved)
          continue
        }
        const note = `${saved.path} was rebuilt since; it is rebuilt once more without the files taken back.`
        return { note, regenerate: change }
      }
      return runsAgain(change) ? { note: null, regenerate: change } : REVERTED
    },
  }
}

/**
 * Beside each output: what update-initramfs and grub-mkconfig leave there when they are killed half-way
 * (their broken pipe kills them when the helper dies). Undo takes them away again.
 */
function withSidecars(path: string): string[] {
  return [path, `${path}.new`, `${path}.dpkg-bak`]
}

/** Runs the tool and throws with its last words when it fails. */
export async function regenerate(work: Work, change: Regenerate): Promise<void> {
  const images = change.tool === 'dracut' ? await dracutImages(work.system, change.outputs) : []
  const how = { onLine: work.log }
  for (const { path, release } of images) await work.system.run('dracut', ['-f', path, release], how)
  if (images.length > 0) return
  const { tool, args } = regenerateCommand(change, await kernelImageOf(work.system, change))
  await work.system.run(tool, args, how)
}

/**
 * The images in /boot and their kernels, so that dracut is told where to write. Left to itself, and with a directory
 * /boot/efi/MACHINE-ID there, it writes /boot/efi/MACHINE-ID/RELEASE/initrd instead, which nothing boots on Debian
 * (dracut 059, outfile). Releases without modules are left out: dracut cannot build for them.
 */
async function dracutImages(system: System, outputs: readonly string[]): Promise<{ path: string; release: string }[]> {
  const modules = await system.list('/lib/modules')
  const releases = modules.kind === 'names' ? modules.names : []
  return outputs.flatMap((path) => {
    const release = /^\/boot\/(?:initrd\.img-|initrd-|initramfs-)(.+?)(?:\.img)?$/u.exec(path)?.[1]
    return release !== undefined && releases.includes(release) ? [{ path, release }] : []
  })
}

/** Where a release's kernel lies: in /boot, or beside its modules where kernel-install copies it from. */
async function kernelImageOf(system: System, change: Regenerate): Promise<string> {
  if (change.kind !== 'update-bootloader' || change.kernel === undefined) return ''
  const inBoot = `/boot/vmlinuz-${change.kernel}`
  return (await system.state(inBoot)) === null ? `/usr/lib/modules/${change.kernel}/vmlinuz` : inBoot
}

/** What a tool cannot do without: mkconfig the file to write, kernel-install the release. */
function assertComplete(change: Regenerate): void {
  const { tool, outputs } = change
  const whole =
    tool === 'kernel-install' ? change.kernel !== undefined : !tool.endsWith('-mkconfig') || outputs.length === 1
  if (!whole)
    throw new ProblemError('refused', `${tool} cannot be run without knowing for what.`, {
      hint: 'Nothing was changed. Check again to get a new plan.',
    })
}

/** There must be room for the copies and for the new files, or nothing is begun. */
async function assertRoom({ system }: Work, change: Regenerate): Promise<void> {
  let total = 0
  for (const path of change.outputs) total += (await system.bytes(path))?.length ?? 0
  for (const place of ['/var', '/boot']) {
    const free = await system.freeBytes(place)
    if (free >= total + MARGIN) continue
    const need = Math.ceil((total + MARGIN) / 1_048_576)
    throw new ProblemError(
      'disk-full',
      `${place} has ${Math.floor(free / 1_048_576)} MiB free; keeping the old images and building new ones takes ${need} MiB.`,
      {
        hint: `Make room on ${place}, then apply again. Nothing was changed.`,
      },
    )
  }
}

const rebuild = regenerating(assertInitramfsOutput)

/** rpm-ostree writes a new deployment instead of files, so it is switched on and off. */
export const rebuildInitramfs: Handler<ChangeOf<'rebuild-initramfs'>> = {
  check: (work, change) => (change.tool === 'rpm-ostree' ? ostreeInitramfs.check(work) : rebuild.check(work, change)),
  capture: (work, change) => rebuild.capture(work, change),
  apply: (work, change) => rebuild.apply(work, change),
  revert: (work, change, entry) =>
    change.tool === 'rpm-ostree' ? ostreeInitramfs.revert(work) : rebuild.revert(work, change, entry),
}
export const updateBootloader = regenerating(assertBootMenu)
