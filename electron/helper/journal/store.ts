import { DATA_DIRECTORY, JOURNAL_FILE } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { foldJournal, type Journal, type JournalEntry } from '#shared/plan/journal.ts'
import type { JournalLine } from '#shared/plan/journal-lines.ts'
import { doubtText, type JournalRow, parseJournal } from '#shared/plan/journal-rows.ts'
import { refreshRescueKit } from '../rescue/kit.ts'
import { compacted } from './compact.ts'

const ROOT_OWNED = { mode: 0o755, uid: 0, gid: 0 }
/** Bytes from which on a journal is written anew, and how much shorter it has to become. */
const LONG = 1_048_576
const WORTH_IT = 0.75
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** The journal on disk: append only, each line durable before anything it announces is done. */
export class JournalStore {
  private readonly system: System
  /** What was parsed last: text only grows at its end, so only what is new has to be parsed again. */
  private known: { text: string; rows: readonly JournalRow[] } = { text: '', rows: [] }

  constructor(system: System) {
    this.system = system
  }

  /** Writes one line. What a power loss or a full disk left of a last line would run into it, so that is cut off first. */
  async append(line: JournalLine): Promise<void> {
    await this.system.makeDirectory(DATA_DIRECTORY, ROOT_OWNED)
    await this.system.cutTornLine(JOURNAL_FILE)
    await this.system.appendDurable(JOURNAL_FILE, JSON.stringify(line))
  }

  /** All that the journal tells; null: it is not there. A line that is not understood is a doubt, not an end. */
  async read(): Promise<Journal | null> {
    const bytes = await this.system.bytes(JOURNAL_FILE)
    return bytes === null ? null : foldJournal(this.parse(decoder.decode(bytes)))
  }

  /** All changes ever made, as far as they are understood, oldest first. */
  async entries(): Promise<JournalEntry[]> {
    return (await this.read())?.entries ?? []
  }

  /** Throws `journal` where a line bars changes: what it tells of could be in force, and in the way. */
  async assertUnderstood(): Promise<void> {
    const doubt = (await this.read())?.doubts.find(({ bars }) => bars)
    if (doubt === undefined) return
    throw new ProblemError('journal', `${doubtText(doubt)} Nothing is changed before it is out of the way.`, {
      hint: 'Update this program if another version wrote the line. Else take everything back, then set the journal aside: the page Journal has a button for it, the command line the verb set-journal-aside.',
    })
  }

  /**
   * Writes a long journal anew without the texts of what was taken back. One rename: a crash leaves the old file or the
   * new one. Not while a line bars changes, and only where it is worth it.
   */
  async compact(): Promise<void> {
    const bytes = await this.system.bytes(JOURNAL_FILE)
    if (bytes === null || bytes.length < LONG || (await this.read())?.doubts.some(({ bars }) => bars) === true) return
    const text = compacted(decoder.decode(bytes), (written) => this.system.hash(encoder.encode(written)))
    const shorter = encoder.encode(text)
    if (shorter.length > bytes.length * WORTH_IT) return
    await this.system.writeAtomic(JOURNAL_FILE, shorter, { ...ROOT_OWNED, mode: 0o644 })
  }

  /** Brings rescue script and recovery sheet up to what is open. Not while a line is not understood: they may know of it. */
  async refreshRescueKit(): Promise<void> {
    const journal = await this.read()
    if (journal === null || journal.doubts.some(({ bars }) => bars)) return
    await refreshRescueKit(this.system, journal.entries)
  }

  private parse(text: string): readonly JournalRow[] {
    const before = text.startsWith(this.known.text) ? this.known : { text: '', rows: [] }
    const first = (before.rows.at(-1)?.number ?? 0) + 1
    const rows = [...before.rows, ...parseJournal(text.slice(before.text.length), first)]
    this.known = { text: text.slice(0, text.lastIndexOf('\n') + 1), rows }
    return rows
  }
}
