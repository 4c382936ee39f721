import { DATA_DIRECTORY, UNFINISHED } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { After, Before, SavedFile } from '#shared/plan/journal-lines.ts'

const BACKUPS = `${DATA_DIRECTORY}/backups`
const PRIVATE = { mode: 0o700, uid: 0, gid: 0 }

/** Byte-exact copies of files, by hash, in a directory only root may enter. */
export class Backups {
  private readonly system: System

  constructor(system: System) {
    this.system = system
  }

  /** Saves a file's bytes, mode, owner and label. An absent file is saved as absent. */
  async save(path: string): Promise<SavedFile> {
    const [state, bytes] = [await this.system.state(path), await this.system.bytes(path)]
    if (state === null || bytes === null) return { path, sha256: null, mode: 0, uid: 0, gid: 0 }
    const label = await this.system.label(path)
    const saved = { path, sha256: await this.keep(bytes), mode: state.mode, uid: state.uid, gid: state.gid }
    return label === null ? saved : { ...saved, label }
  }

  /** Keeps bytes where only root can read them; returns their SHA-256, by which they are found again. */
  async keep(bytes: Uint8Array): Promise<string> {
    const sha256 = this.system.hash(bytes)
    await this.system.makeDirectory(BACKUPS, PRIVATE)
    const copy = `${BACKUPS}/${sha256}`
    if ((await this.system.state(copy)) === null)
      await this.system.writeAtomic(copy, bytes, { ...PRIVATE, mode: 0o600 })
    return sha256
  }

  /**
   * Puts a saved file back, or removes it when it did not exist. One that is as it was is not written: a full disk
   * would refuse it.
   */
  async restore(saved: SavedFile): Promise<void> {
    const { path, sha256 } = saved
    if (sha256 === null) {
      await this.system.remove(path)
      return
    }
    if ((await this.hashOf(path)) !== sha256) return this.system.writeAtomic(path, await this.bytes(saved), saved)
    const unfinished = `${path}${UNFINISHED}`
    if ((await this.system.state(unfinished)) !== null) await this.system.remove(unfinished)
    const { mode, uid, gid, label } = saved
    const now = await this.system.state(path)
    const isLabelled = label === undefined || (await this.system.label(path)) === label
    if (now?.mode !== mode || now.uid !== uid || now.gid !== gid || !isLabelled)
      await this.system.setOwner(path, { mode, uid, gid, label })
  }

  /**
   * Puts all of them back, those first that were not there: they may be what fills the disk. One that fails stops none
   * of the others; the first failure is thrown at the end.
   */
  async restoreAll(files: readonly SavedFile[]): Promise<void> {
    const failures: unknown[] = []
    const order = [...files.filter(({ sha256 }) => sha256 === null), ...files.filter(({ sha256 }) => sha256 !== null)]
    for (const saved of order) await this.restore(saved).catch((thrown: unknown) => failures.push(thrown))
    if (failures.length > 0) throw failures[0]
  }

  /** The saved bytes. Throws `journal` when the copy is missing or damaged. */
  async bytes(saved: Pick<SavedFile, 'path' | 'sha256'>): Promise<Uint8Array> {
    const bytes = await this.find(saved)
    if (bytes !== null) return bytes
    throw new ProblemError('journal', `The backup of ${saved.path} is missing or damaged.`, {
      hint: `Look for ${saved.sha256 ?? 'it'} in another copy of ${BACKUPS}, or put the file right by hand and leave this change as it is.`,
    })
  }

  /** The saved bytes; null: the copy is missing or damaged. */
  async find({ sha256 }: Pick<SavedFile, 'sha256'>): Promise<Uint8Array | null> {
    const bytes = await this.system.bytes(`${BACKUPS}/${sha256 ?? ''}`)
    return bytes !== null && this.system.hash(bytes) === sha256 ? bytes : null
  }

  /** SHA-256 of a file now; null when it does not exist. */
  async hashOf(path: string): Promise<string | null> {
    const bytes = await this.system.bytes(path)
    return bytes === null ? null : this.system.hash(bytes)
  }

  /** The files of a change that are still as it left them or as they were before, and the others. */
  async sorted(entry: JournalEntry): Promise<{ intact: SavedFile[]; others: SavedFile[] }> {
    const intact: SavedFile[] = []
    const others: SavedFile[] = []
    for (const saved of entry.before.files) ((await this.untouchedSince(entry, saved)) ? intact : others).push(saved)
    return { intact, others }
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
