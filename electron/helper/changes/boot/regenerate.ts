import { assertBootMenu, assertGrubMenu, assertInitramfsOutput } from '#helper/allow-list/paths.ts'
import { type Handler, REVERTED, type Work } from '#helper/handler.ts'
import type { Backups } from '#helper/journal/backups.ts'
import { writtenBy } from '#helper/journal/tool-outputs.ts'
import { assertRoom } from '#helper/room.ts'
import { waitForBootTools } from '#helper/wait-for-boot-tools.ts'
import { ProblemError, problemOf } from '#shared/base/problem.ts'
import type { System, ToolRun } from '#shared/base/system.ts'
import { UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { Before, SavedFile } from '#shared/plan/journal-lines.ts'
import { type Regenerate, regenerateCommand, runsAgain } from '#shared/plan/tool-command.ts'
import { ostreeInitramfs } from './ostree-initramfs.ts'
import { signedOf } from './unified.ts'

/** A tool of the distribution that writes files: they are kept before it runs, and put back byte for byte. */
function regenerating(assertPath: (path: string) => void): Handler<Regenerate> {
  return {
    async check(work, change) {
      change.outputs.forEach(assertPath)
      assertComplete(change)
      await assertRoom(work.system, await writtenBy(work.system, change))
    },

    async capture({ backups, system }, change) {
      const files = []
      for (const path of (await writtenBy(system, change)).flatMap(withSidecars)) files.push(await backups.save(path))
      return { files, createdDirectories: [], values: await signedOf(system, files) }
    },

    apply: (work, change) => regenerate(work, change),

    async revert({ backups, system }, change, entry) {
      if (entry.after === null) await waitForBootTools(system)
      const { intact, others } = await backups.sorted(entry)
      const lost = await missingCopy(backups, intact)
      const [rebuilt] = others
      if (rebuilt !== undefined) {
        const note = `${rebuilt.path} was rebuilt since; it is rebuilt once more without the files taken back.`
        return { note, regenerate: change }
      }
      return lost !== null || runsAgain(change) ? { note: lost, regenerate: change } : REVERTED
    },
  }
}

/** Puts files back; where a copy is missing, the tool can still make the file anew, and this is what to say of it. */
async function missingCopy(backups: Backups, files: readonly SavedFile[]): Promise<string | null> {
  try {
    await backups.restoreAll(files)
    return null
  } catch (thrown) {
    const { code, message } = problemOf(thrown)
    if (code !== 'journal') throw thrown
    return `${message} It is built anew without the files taken back.`
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
async function regenerate(work: Work, change: Regenerate, environment?: ToolRun['environment']): Promise<void> {
  const images = change.tool === 'dracut' ? await dracutImages(work.system, change.outputs) : []
  const how = { onLine: work.log, ...(environment === undefined ? {} : { environment }) }
  for (const { path, release } of images) await work.system.run('dracut', ['-f', path, release], how)
  if (images.length > 0) return
  const { tool, args } = regenerateCommand(change, await kernelImageOf(work.system, change))
  await work.system.run(tool, args, how)
}

/**
 * The images and their kernels, so that dracut is told where to write. Left to itself, and with a directory
 * /boot/efi/MACHINE-ID there, it writes /boot/efi/MACHINE-ID/RELEASE/initrd instead, which nothing boots on Debian
 * (dracut 059, outfile). Releases without modules are left out: dracut cannot build for them.
 */
async function dracutImages(system: System, outputs: readonly string[]): Promise<{ path: string; release: string }[]> {
  const modules = await system.list('/lib/modules')
  const releases = modules.kind === 'names' ? modules.names : []
  return outputs.flatMap((path) => {
    const release = releaseIn(path, releases)
    if (release === undefined && UNIFIED_IMAGE.test(path)) throw noKernel(path)
    return release === undefined ? [] : [{ path, release }]
  })
}

/** Left to itself, dracut would write another file. */
function noKernel(path: string): ProblemError {
  return new ProblemError('tool-failed', `No kernel in /lib/modules is that of ${path}.`, {
    hint: 'Remove the image if it is one of a kernel that is no longer installed, then try again.',
  })
}

/** A unified image may have the machine's id and a build's behind the kernel (dracut.conf(5), uefi). */
function releaseIn(path: string, releases: readonly string[]): string | undefined {
  const named = /^\/boot\/(?:initrd\.img-|initrd-|initramfs-)(.+?)(?:\.img)?$/u.exec(path)?.[1]
  if (named !== undefined) return releases.find((release) => release === named)
  const unified = UNIFIED_IMAGE.test(path) ? /\/linux-([^/]+)\.efi$/u.exec(path)?.[1] : undefined
  const fitting = releases.filter((release) => unified === release || unified?.startsWith(`${release}-`) === true)
  return fitting.toSorted((a, b) => b.length - a.length)[0]
}

/** Where a release's kernel lies: in /boot, or beside its modules where kernel-install copies it from. */
async function kernelImageOf(system: System, change: Regenerate): Promise<string> {
  if (change.kind !== 'update-bootloader' || change.kernel === undefined) return ''
  const inBoot = `/boot/vmlinuz-${change.kernel}`
  return (await system.state(inBoot)) === null ? `/usr/lib/modules/${change.kernel}/vmlinuz` : inBoot
}

/** What a tool cannot do without: mkconfig the menu to write, and no other file; kernel-install the release. */
function assertComplete(change: Regenerate): void {
  const { tool, outputs } = change
  if (tool.endsWith('-mkconfig')) outputs.forEach(assertGrubMenu)
  const whole =
    tool === 'kernel-install' ? change.kernel !== undefined : !tool.endsWith('-mkconfig') || outputs.length === 1
  if (!whole)
    throw new ProblemError('refused', `${tool} cannot be run without knowing for what.`, {
      hint: 'Nothing was changed. Check again to get a new plan.',
    })
}

const rebuild = regenerating(assertInitramfsOutput)

/** rpm-ostree makes a new deployment instead of files, so what is kept is whether it builds, and how. */
export const rebuildInitramfs: Handler<ChangeOf<'rebuild-initramfs'>> = {
  check: (work, change) => rebuild.check(work, change),
  capture: (work, change) =>
    change.tool === 'rpm-ostree' ? ostreeInitramfs.capture(work) : rebuild.capture(work, change),
  apply: (work, change) => (change.tool === 'rpm-ostree' ? ostreeInitramfs.apply(work) : rebuild.apply(work, change)),
  revert: async (work, change, entry) =>
    change.tool === 'rpm-ostree' ? { note: null, regenerate: change } : rebuild.revert(work, change, entry),
}

/** Generators of which a distribution may change from one to another. */
const GENERATORS = ['update-initramfs', 'dracut', 'mkinitcpio'] as const

/** What a tool is run once more with: what the oldest change it is run for had found, and variables for it. */
interface Back {
  before: Before
  environment: ToolRun['environment']
}

/** Runs a tool once more when all files are back. */
export async function regenerateBack(work: Work, change: Regenerate, { before, environment }: Back): Promise<void> {
  if (change.tool === 'rpm-ostree') await ostreeInitramfs.back(work, before)
  else await regenerate(work, change, environment).catch((thrown: unknown) => byAnother(work, change, thrown))
}

/** Where the generator has gone since, the one that is there now builds the images without our files. */
async function byAnother(work: Work, change: Regenerate, missing: unknown): Promise<void> {
  if (problemOf(missing).code !== 'tool-missing' || change.kind !== 'rebuild-initramfs') throw missing
  for (const tool of GENERATORS.filter((other) => other !== change.tool)) {
    const isThere = await regenerate(work, { ...change, tool }).then(
      () => true,
      (thrown: unknown) => {
        if (problemOf(thrown).code !== 'tool-missing') throw thrown
        return false
      },
    )
    if (isThere) return
  }
  throw missing
}

export const updateBootloader = regenerating(assertBootMenu)
