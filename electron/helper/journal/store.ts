import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { foldJournal, JOURNAL_FILE, type JournalEntry, type JournalLine, parseJournal } from '#shared/plan/journal.ts'
import { refreshRescueKit } from '../rescue/kit.ts'

const ROOT_OWNED = { mode: 0o755, uid: 0, gid: 0 }

/** The journal on disk: append only, each line durable before anything it announces is done. */
export class JournalStore {
  private readonly system: System
  /** What was parsed last: text only grows at its end, so only what is new has to be parsed again. */
  private known: { text: string; lines: readonly JournalLine[] } = { text: '', lines: [] }

  constructor(system: System) {
    this.system = system
  }

  async append(line: JournalLine): Promise<void> {
    await this.system.makeDirectory(DATA_DIRECTORY, ROOT_OWNED)
    await this.dropTornLine()
    await this.system.appendDurable(JOURNAL_FILE, JSON.stringify(line))
    if (line.kind === 'intent' || line.kind === 'reverted') await refreshRescueKit(this.system, await this.entries())
  }

  /** What a power loss left of a last line would run into the next one and damage it. */
  private async dropTornLine(): Promise<void> {
    const result = await this.system.read(JOURNAL_FILE)
    if (result.kind !== 'text' || result.text === '' || result.text.endsWith('\n')) return
    const whole = result.text.slice(0, result.text.lastIndexOf('\n') + 1)
    await this.system.writeAtomic(JOURNAL_FILE, new TextEncoder().encode(whole), { ...ROOT_OWNED, mode: 0o644 })
  }

  /** All changes ever made, oldest first. Throws `journal` when a line in the middle is damaged. */
  async entries(): Promise<JournalEntry[]> {
    const result = await this.system.read(JOURNAL_FILE)
    if (result.kind === 'absent') return []
    const lines = result.kind === 'text' ? this.parse(result.text) : null
    if (lines !== null) return foldJournal(lines)
    throw new ProblemError(
      'journal',
      `${JOURNAL_FILE} cannot be read${result.kind === 'denied' ? `: ${result.why}` : ': a line is damaged'}.`,
      {
        hint: 'Nothing was changed. Keep the file; it tells how to go back.',
      },
    )
  }

  /** Null when a line is damaged. A last line cut short is left for the next time. */
  private parse(text: string): readonly JournalLine[] | null {
    const before = text.startsWith(this.known.text) ? this.known : { text: '', lines: [] }
    const added = parseJournal(text.slice(before.text.length))
    if (added === null) return null
    this.known = { text: text.slice(0, text.lastIndexOf('\n') + 1), lines: [...before.lines, ...added] }
    return this.known.lines
  }
}
