import { DATA_DIRECTORY, JOURNAL_FILE, RECOVERY_SHEET, RESCUE_SCRIPT, SET_ASIDE } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { JournalStore } from './store.ts'

const READABLE = { mode: 0o755, uid: 0, gid: 0 }
const JOURNAL = nameOf(JOURNAL_FILE)

/**
 * Moves a journal that bars changes, with its rescue script and sheet, into a directory beside it; nothing is deleted, and
 * backups stay where the script looks for them. The journal goes last: until then all is barred as before, and a second
 * try goes on in the same directory. Throws `refused` where no line bars changes, `conflict` while undo has work to do.
 * Returns what there is to know of it.
 */
export async function setJournalAside(system: System, journal: JournalStore): Promise<string[]> {
  const read = await journal.read()
  if (read?.doubts.some(({ bars }) => bars) !== true)
    throw new ProblemError('refused', 'No line of the journal bars changes, so it stays where it is.', {
      hint: 'Nothing was changed.',
    })
  const open = read.entries.filter(({ reverted }) => reverted === null)
  if (open.length > 0)
    throw new ProblemError('conflict', `Undo still knows how to take changes back: ${open.length}.`, {
      hint: 'Take everything back first, and leave as it is what cannot be taken back. Then set the journal aside.',
    })
  const directory = await directoryFor(system)
  for (const path of [RESCUE_SCRIPT, RECOVERY_SHEET, JOURNAL_FILE])
    if ((await system.state(path)) !== null) await system.move(path, `${directory}/${nameOf(path)}`)
  const rescue = `${directory}/${nameOf(RESCUE_SCRIPT)}`
  const still = (await system.state(rescue)) === null ? [] : [`What it knew is still taken back by: sudo sh ${rescue}`]
  return [`The journal was set aside in ${directory}.`, ...still]
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** One that a crash left without its journal, else a new one named after this moment. */
async function directoryFor(system: System): Promise<string> {
  const listed = await system.list(DATA_DIRECTORY)
  for (const name of listed.kind === 'names' ? listed.names : []) {
    const there = `${DATA_DIRECTORY}/${name}`
    if (name.startsWith(SET_ASIDE) && (await system.state(`${there}/${JOURNAL}`)) === null) return there
  }
  const moment = new Date().toISOString().replaceAll(/[:.]/gu, '-')
  const directory = `${DATA_DIRECTORY}/${SET_ASIDE}${moment}`
  await system.makeDirectory(directory, READABLE)
  return directory
}
