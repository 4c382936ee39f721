import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { After, Before, JournalEntry, SavedFile } from '#shared/plan/journal.ts'

const BACKUPS = `${DATA_DIRECTORY}/backups`
const PRIVATE = { mode: 0o700, uid: 0, gid: 0 }

/** Byte-exact copies of files, by hash, in a directory only root may enter. */
export class Backups {
  private readonly system: System

  constructor(system: System) {
    this.system = system
  }

  /** Saves a file's bytes, mode and owner. An absent file is saved as absent. */
  async save(path: string): Promise<SavedFile> {
    const [state, bytes] = [await this.system.state(path), await this.system.bytes(path)]
    if (state === null || bytes === null) return { path, sha256: null, mode: 0, uid: 0, gid: 0 }
    const sha256 = this.system.hash(bytes)
    await this.system.makeDirectory(BACKUPS, PRIVATE)
    const copy = `${BACKUPS}/${sha256}`
    if ((await this.system.state(copy)) === null)
      await this.system.writeAtomic(copy, bytes, { ...PRIVATE, mode: 0o600 })
    return { path, sha256, mode: state.mode, uid: state.uid, gid: state.gid }
  }

  /** Puts a saved file back, or removes it when it did not exist. */
  async restore(saved: SavedFile): Promise<void> {
    if (saved.sha256 === null) {
      await this.system.remove(saved.path)
      return
    }
    await this.system.writeAtomic(saved.path, await this.bytes(saved), saved)
  }

  /** The saved bytes. Throws `journal` when the copy is missing or damaged. */
  async bytes(saved: SavedFile): Promise<Uint8Array> {
    const bytes = await this.system.bytes(`${BACKUPS}/${saved.sha256 ?? ''}`)
    if (bytes !== null && this.system.hash(bytes) === saved.sha256) return bytes
    throw new ProblemError('journal', `The backup of ${saved.path} is missing or damaged.`, {
      hint: `Look for ${saved.sha256 ?? 'it'} in ${BACKUPS}.`,
    })
  }

  /** SHA-256 of a file now; null when it does not exist. */
  async hashOf(path: string): Promise<string | null> {
    const bytes = await this.system.bytes(path)
    return bytes === null ? null : this.system.hash(bytes)
  }

  async after(before: Before): Promise<After> {
    const files = []
    for (const { path } of before.files) files.push({ path, sha256: await this.hashOf(path) })
    return { files }
  }

  /** Whether a file still is as our change left it (or as it was before). After a crash in between nobody can tell. */
  async untouchedSince(entry: JournalEntry, saved: SavedFile): Promise<boolean> {
    const now = await this.hashOf(saved.path)
    if (now === saved.sha256 || entry.after === null) return true
    return entry.after.files.some((file) => file.path === saved.path && file.sha256 === now)
  }
}
