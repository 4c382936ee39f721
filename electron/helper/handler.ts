import type { System } from '#shared/base/system.ts'
import type { Change, ChangeKind, ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Before } from '#shared/plan/journal-lines.ts'
import type { Backups } from './journal/backups.ts'

/** What a handler may use. `log` streams output of long jobs. */
export interface Work {
  system: System
  backups: Backups
  log: (line: string) => void
  /** User who asked, from polkit; 0 when root asked directly. */
  caller: number
  /** Transaction the change belongs to. */
  tx: string
  /** Of the account in a VM's guest, for the disc that answers Setup, where one was given. It is written nowhere else. */
  password?: string | null
}

/** What a revert has to tell: a note for people, and a tool to run once at the end. */
export interface Reverted {
  note: string | null
  regenerate: Change | null
}

export const REVERTED: Reverted = { note: null, regenerate: null }

/**
 * One kind of change. `check` throws `conflict` or `refused` and touches nothing; `capture` saves what `revert`
 * needs; `apply` does it; `revert` goes back from before, after or anything between, and may run twice.
 */
export interface Handler<C extends Change> {
  check(work: Work, change: C): Promise<void>
  capture(work: Work, change: C): Promise<Before>
  apply(work: Work, change: C): Promise<void>
  revert(work: Work, change: C, entry: JournalEntry): Promise<Reverted>
}

export type HandlerOf<K extends ChangeKind> = Handler<ChangeOf<K>>

export function beforeValues(values: Before['values']): Before {
  return { files: [], createdDirectories: [], values }
}
