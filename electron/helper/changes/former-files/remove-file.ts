import { assertNoSymlink, missingParents } from '#helper/allow-list/paths.ts'
import { type HandlerOf, REVERTED } from '#helper/handler.ts'
import { INITRAMFS_FILES } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'

const DIRECTORY = { mode: 0o755, uid: 0, gid: 0 }
/** Rules and drop-ins of generators, which a host may change; nothing else is ever removed. */
const REMOVABLE = new Set<string>(Object.values(INITRAMFS_FILES).flatMap(({ boot, bind }) => [...boot, ...bind]))

export const removeFile: HandlerOf<'remove-file'> = {
  async check({ system, backups }, { path, expected }) {
    if (!REMOVABLE.has(path))
      throw new ProblemError('refused', `${path} is not removed: it is not one of the files of this program.`, {
        hint: 'Nothing was done. The list of files is in docs/SECURITY.md.',
      })
    await assertNoSymlink(system, path)
    if ((await backups.hashOf(path)) === expected) return
    throw new ProblemError('conflict', `${path} was changed by someone else since the plan was made.`, {
      hint: 'Nothing was removed. Check again to get a new plan.',
    })
  },

  async capture({ backups }, { path }) {
    return { files: [await backups.save(path)], createdDirectories: [], values: {} }
  },

  apply: ({ system }, { path }) => system.remove(path),

  async revert({ system, backups }, { path }, entry) {
    const [saved] = entry.before.files
    if (saved === undefined) return REVERTED
    if (!(await backups.untouchedSince(entry, saved)))
      return { note: `${path} was written by someone else since; it was left as it is now.`, regenerate: null }
    // Its directory may have gone with the generator.
    for (const parent of await missingParents(system, path)) await system.makeDirectory(parent, DIRECTORY)
    await backups.restore(saved)
    return REVERTED
  },
}
