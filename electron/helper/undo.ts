import { ProblemError, problemOf } from '#shared/base/problem.ts'
import { type Change, changeText } from '#shared/plan/change.ts'
import type { HelperEvent } from '#shared/plan/helper-protocol.ts'
import { type Journal, type JournalEntry, NO_JOURNAL } from '#shared/plan/journal.ts'
import { doubtText } from '#shared/plan/journal-rows.ts'
import type { LeftChange, Undone } from '#shared/plan/undone.ts'
import { formerArguments } from './changes/boot/former-arguments.ts'
import { regenerateBack } from './changes/boot/regenerate.ts'
import type { Work } from './handler.ts'
import { handlerOf } from './handlers.ts'
import type { JournalStore } from './journal/store.ts'
import { dependsOn, directoriesFor, ofDoubt, removeEmpty, type Standing, standingOf } from './undo-order.ts'

/** What taking back works with. */
export interface Undoing {
  work: Work
  journal: JournalStore
  emit: (event: HelperEvent) => void
}

/** A change whose tool has to run once more behind it. */
interface Again {
  change: Change
  entry: JournalEntry
  note: string | null
}

/** Takes changes back, last first. One that cannot be is left and reported, and those that build on it; all others go. */
export async function takeBack(undoing: Undoing, entries: readonly JournalEntry[]): Promise<Undone> {
  const known = (await undoing.journal.read()) ?? NO_JOURNAL
  return new TakingBack(undoing, known).run(entries)
}

/** One undo under way: what it has to tell so far, and what still stands. */
class TakingBack {
  private readonly undoing: Undoing
  private readonly known: Journal
  private readonly notes: string[] = []
  private readonly left: LeftChange[] = []
  private readonly standing: Standing[]
  private readonly again: Again[] = []

  constructor(undoing: Undoing, known: Journal) {
    this.undoing = undoing
    this.known = known
    const barring = known.doubts.filter(({ bars }) => bars)
    this.standing = barring.map((doubt) => ofDoubt(doubt, known.entries))
    this.notes.push(...barring.map((doubt) => `${doubtText(doubt)} What it tells of was not taken back.`))
  }

  async run(entries: readonly JournalEntry[]): Promise<Undone> {
    for (const [index, entry] of [...entries].reverse().entries()) {
      const text = `Take back: ${changeText(entry.change)}`
      this.undoing.emit({ kind: 'change-started', index, total: entries.length, text })
      await this.one(entry)
      this.undoing.emit({ kind: 'change-finished', index, total: entries.length })
    }
    await this.runAgain(entries)
    return { notes: [...new Set(this.notes)], left: this.left }
  }

  private async one(entry: JournalEntry): Promise<void> {
    const newer = this.standing.find((other) => dependsOn(entry, other))
    if (newer !== undefined) return this.leave(entry, waitsFor(newer))
    try {
      const { work } = this.undoing
      const { note, regenerate: rerun } = await handlerOf(entry.change).revert(work, entry.change, entry)
      await removeEmpty(work.system, directoriesFor(entry, this.known.entries))
      if (rerun !== null) this.again.push({ change: rerun, entry, note })
      else await this.close(entry, note)
    } catch (thrown) {
      await this.leave(entry, thrown)
    }
  }

  /** Each tool runs once, when all files are back. Only then its changes count as taken back, so a kill in between repeats it. */
  private async runAgain(entries: readonly JournalEntry[]): Promise<void> {
    const failed = new Map<string, unknown>()
    // The newest is taken back first, so what stays for each tool is the oldest.
    const tools = new Map(this.again.map(({ change, entry }) => [JSON.stringify(change), { change, entry }]))
    const { work } = this.undoing
    const environment = tools.size === 0 ? undefined : await formerArguments(work.system, entries)
    for (const [key, { change, entry }] of tools) {
      if (change.kind !== 'rebuild-initramfs' && change.kind !== 'update-bootloader') continue
      const back = { before: entry.before, environment }
      await regenerateBack(work, change, back).catch((thrown: unknown) => failed.set(key, thrown))
    }
    for (const { change, entry, note } of this.again) {
      const thrown = failed.get(JSON.stringify(change))
      if (thrown === undefined) await this.close(entry, note)
      else await this.leave(entry, thrown)
    }
  }

  /** Writes down that a change is taken back. */
  private async close(entry: JournalEntry, note: string | null): Promise<void> {
    const { tx, index, change } = entry
    if (note !== null) this.notes.push(note)
    const { journal } = this.undoing
    const at = new Date().toISOString()
    try {
      await journal.append({ kind: 'reverted', tx, index, at, note })
    } catch (thrown) {
      // To be done once more is harmless; to be forgotten is not.
      const { code, message, hint, detail } = problemOf(thrown)
      const told = `It was taken back, but the journal could not be told: ${message}`
      this.left.push({ tx, index, text: changeText(change), problem: { code, message: told, hint, detail } })
      // Its driver is back already; an older text of its files would look like somebody else's edit the next time.
      this.standing.push({ ...standingOf(entry), address: null })
      return
    }
    await this.refreshKit()
  }

  private async leave(entry: JournalEntry, thrown: unknown): Promise<void> {
    const { tx, index, change } = entry
    const problem = problemOf(thrown)
    this.left.push({ tx, index, text: changeText(change), problem })
    this.standing.push(standingOf(entry))
    try {
      const why = [problem.message, problem.hint ?? ''].join(' ').trim()
      await this.undoing.journal.append({ kind: 'unreverted', tx, index, at: new Date().toISOString(), why })
    } catch (failed) {
      this.notes.push(`The journal could not be told what is left: ${problemOf(failed).message}`)
      return
    }
    await this.refreshKit()
  }

  /** An old rescue script takes back what is back already, which does no harm; so undo does not end here. */
  private async refreshKit(): Promise<void> {
    await this.undoing.journal.refreshRescueKit().catch((thrown: unknown) => {
      this.notes.push(`The rescue script still lists what is taken back: ${problemOf(thrown).message}`)
    })
  }
}

function waitsFor({ text }: Standing): ProblemError {
  return new ProblemError('conflict', `It lies below a later change that still stands: ${text}.`, {
    hint: 'Take that one back first, or leave it as it is.',
  })
}
