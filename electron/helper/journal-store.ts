import { DATA_DIRECTORY } from '../../shared/own-files.ts'
import { JOURNAL_FILE, type JournalEntry, type JournalLine, foldJournal, parseJournal } from '../../shared/journal.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { System } from '../../shared/system.ts'

/** The journal on disk: append only, each line durable before anything it announces is done. */
export class JournalStore {
  private readonly system: System

  constructor(system: System) {
    this.system = system
  }

  async append(line: JournalLine): Promise<void> {
    await this.system.makeDirectory(DATA_DIRECTORY, { mode: 0o755, uid: 0, gid: 0 })
    await this.system.appendDurable(JOURNAL_FILE, JSON.stringify(line))
  }

  /** All changes ever made, oldest first. Throws `journal` when a line in the middle is damaged. */
  async entries(): Promise<JournalEntry[]> {
    const result = await this.system.read(JOURNAL_FILE)
    if (result.kind === 'absent') return []
    const lines = result.kind === 'text' ? parseJournal(result.text) : null
    if (lines !== null) return foldJournal(lines)
    throw new ProblemError(
      'journal',
      `${JOURNAL_FILE} cannot be read${result.kind === 'denied' ? `: ${result.why}` : ': a line is damaged'}.`,
      {
        hint: 'Nothing was changed. Keep the file; it tells how to go back.',
      },
    )
  }
}
