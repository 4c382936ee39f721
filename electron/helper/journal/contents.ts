import type { System } from '#shared/base/system.ts'
import type { Change, ChangeOf } from '#shared/plan/change.ts'
import type { Before, Contents, JournalLine } from '#shared/plan/journal-lines.ts'
import { parentsOf } from '../allow-list/paths.ts'
import type { Work } from '../handler.ts'
import type { Backups } from './backups.ts'
import { recorded } from './recorded.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

type Recorded = Pick<Extract<JournalLine, { kind: 'intent' }>, 'change' | 'contents'>

/** Whether everybody may read a file of this mode at this path; the journal is public, so it holds no other. */
export async function isPublic(system: System, path: string, mode: number): Promise<boolean> {
  if ((mode & 0o004) === 0) return false
  for (const parent of parentsOf(path)) {
    const state = await system.state(parent)
    if (state !== null && (state.mode & 0o001) === 0) return false
  }
  return true
}

/** A change as the public journal holds it: a text that not everybody may read lies in backups/, and the line has its hash. */
export async function publicly({ system, backups }: Work, change: Change, before: Before): Promise<Recorded> {
  const kept = recorded(change)
  if (kept.kind !== 'write-file') return { change: kept }
  const { path, mode, text } = kept
  const former = before.files.find((file) => file.path === path)
  const readable = former === undefined || former.sha256 === null ? mode : former.mode
  if (await isPublic(system, path, readable)) return { change: kept }
  const sha256 = await backups.keep(encoder.encode(text))
  return { change: { ...kept, text: '' }, contents: { sha256, kept: 'backups' } }
}

/** The text a change wrote; null: it is not kept any more. */
export async function writtenText(
  backups: Backups,
  { text }: ChangeOf<'write-file'>,
  contents: Contents | null,
): Promise<string | null> {
  if (contents === null) return text
  const bytes = contents.kept === 'backups' ? await backups.find(contents) : null
  return bytes === null ? null : decoder.decode(bytes)
}
