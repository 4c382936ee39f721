import { ProblemError } from '../../../shared/problem.ts'
import { type HandlerOf, REVERTED, type Work } from '../handler.ts'
import { assertNoSymlink, assertOwnFile, missingParents } from '../paths.ts'

const DIRECTORY = { mode: 0o755, uid: 0, gid: 0 }
const encoder = new TextEncoder()

export const writeFile: HandlerOf<'write-file'> = {
  async check({ system, backups }, change) {
    assertOwnFile(change.path)
    await assertNoSymlink(system, change.path)
    const now = await backups.hashOf(change.path)
    if (now === change.expected) return
    const what =
      change.expected === null
        ? 'was not there when the plan was made, and is now'
        : now === null
          ? 'is gone'
          : 'was changed by someone else'
    throw new ProblemError('conflict', `${change.path} ${what} since the plan was made.`, {
      hint: 'Nothing was written. Check again to get a new plan.',
    })
  },

  async capture({ system, backups }, change) {
    const createdDirectories = await missingParents(system, change.path)
    return { files: [await backups.save(change.path)], createdDirectories, values: {} }
  },

  async apply({ system }, change) {
    for (const parent of await missingParents(system, change.path)) await system.makeDirectory(parent, DIRECTORY)
    // A file that is there may hold secrets, so its mode stays.
    const mode = (await system.state(change.path))?.mode ?? change.mode
    await system.writeAtomic(change.path, encoder.encode(change.text), { mode, uid: 0, gid: 0 })
  },

  async revert(work, change, entry) {
    const saved = entry.before.files[0]
    if (saved === undefined) return REVERTED
    if (!(await work.backups.untouchedSince(entry, saved))) {
      return { note: `${change.path} was changed by someone else since; it was left as it is now.`, regenerate: null }
    }
    await work.backups.restore(saved)
    await removeEmpty(work, entry.before.createdDirectories)
    return REVERTED
  },
}

/** Removes directories this change had made, innermost first; one that is used by now stays. */
export async function removeEmpty({ system }: Work, directories: readonly string[]): Promise<void> {
  for (const directory of [...directories].reverse()) {
    const inside = await system.list(directory)
    if (inside.kind === 'names' && inside.names.length === 0) await system.removeDirectory(directory)
  }
}
