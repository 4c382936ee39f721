import { z } from 'zod'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Before } from '#shared/plan/journal-lines.ts'
import { missingParents } from '../allow-list/paths.ts'
import { REVERTED, type Reverted, type Work } from '../handler.ts'

const DIRECTORY = { mode: 0o755, uid: 0, gid: 0 }
const encoder = new TextEncoder()

/** Lies beside the file: what it was when this program had made it. */
const note = z.strictObject({ version: z.literal(1), fingerprint: z.string() })

/** Where the note of a file is. */
export function noteOf(path: string): string {
  return `${path}.json`
}

/** Before a file is made that is too large for a backup or belongs to the guest from then on: only its note is saved. */
export async function captureGuestFile({ system, backups }: Work, path: string): Promise<Before> {
  const createdDirectories = await missingParents(system, path)
  const existed = (await system.state(path)) === null ? 'no' : 'yes'
  return { files: [await backups.save(noteOf(path))], createdDirectories, values: { existed } }
}

/** Makes the file by `make`, gives it to its user and notes what it is now. */
export async function makeGuestFile(
  { system }: Work,
  { path, uid, gid }: { path: string; uid: number; gid: number },
  make: () => Promise<void>,
): Promise<void> {
  for (const parent of await missingParents(system, path)) await system.makeDirectory(parent, DIRECTORY)
  await make()
  await system.setOwner(path, { mode: 0o600, uid, gid })
  const text = JSON.stringify({ version: 1, fingerprint: await system.fingerprint(path) })
  await system.writeAtomic(noteOf(path), encoder.encode(`${text}\n`), { mode: 0o644, uid: 0, gid: 0 })
}

/** Removes the file if it is still as it was made. Once a guest has written to it, it is kept and named. */
export async function revertGuestFile(work: Work, path: string, entry: JournalEntry): Promise<Reverted> {
  const { system, backups } = work
  const kept = entry.before.values['existed'] !== 'no' || !(await untouched(work, path, entry))
  const there = (await system.state(path)) !== null
  if (there && !kept) await system.remove(path)
  await backups.restoreAll(entry.before.files)
  if (!there || !kept) return REVERTED
  return {
    note: `${path} was kept: a guest may have written to it. Remove it yourself if nobody needs it.`,
    regenerate: null,
  }
}

/** Without a note the making was interrupted, or an undo was; only in the first case is the file surely empty. */
async function untouched({ system }: Work, path: string, entry: JournalEntry): Promise<boolean> {
  const isNoted = (await system.state(noteOf(path))) !== null
  return isNoted ? isAsMade({ system }, path) : entry.after === null
}

/** Whether a file is still what its note says it was when it was made; without a note it is not. */
export async function isAsMade({ system }: Pick<Work, 'system'>, path: string): Promise<boolean> {
  const read = await system.read(noteOf(path))
  if (read.kind !== 'text') return false
  const parsed = note.safeParse(JSON.parse(read.text))
  return parsed.success && parsed.data.fingerprint === (await system.fingerprint(path))
}
