import type { JournalEntry } from './journal.ts'

/** Which change of the journal is meant. */
export type ChangeName = Pick<JournalEntry, 'tx' | 'index'>

/** The name of a change on the command line: its transaction and its number in it, e.g. `mh2k1x0a-boot-1f2e3d/0`. */
export function changeName({ tx, index }: ChangeName): string {
  return `${tx}/${index}`
}

/** The change a name means; null: it is no such name. */
export function parseChangeName(name: string): ChangeName | null {
  const [, tx, index] = /^([0-9a-z-]+)\/(\d{1,6})$/u.exec(name) ?? []
  return tx === undefined || index === undefined ? null : { tx, index: Number(index) }
}
