import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldJournal, type JournalLine, parseJournal } from './journal.ts'

const begin: JournalLine = {
  kind: 'begin',
  version: 1,
  tx: 't1',
  plan: 'kernel-1',
  step: 'kernel',
  at: '2026-01-01T00:00:00Z',
  boot: 'b',
}
const intent: JournalLine = {
  kind: 'intent',
  tx: 't1',
  index: 0,
  change: { kind: 'load-module', module: 'vfio-pci' },
  before: { files: [], createdDirectories: [], values: { loaded: null } },
}
const done: JournalLine = { kind: 'done', tx: 't1', index: 0, after: { files: [] } }
const text = [begin, intent, done].map((line) => `${JSON.stringify(line)}\n`).join('')

describe('the journal', () => {
  it('folds its lines into entries', () => {
    const entries = foldJournal(parseJournal(text) ?? [])
    expect(entries).toEqual([
      expect.objectContaining({ tx: 't1', step: 'kernel', after: { files: [] }, reverted: null }),
    ])
  })

  it('survives being cut at any byte: a power loss never makes it unreadable', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length }), (cut) => {
        const lines = parseJournal(text.slice(0, cut))
        expect(lines).not.toBeNull()
        expect(lines).toEqual([begin, intent, done].slice(0, lines?.length))
      }),
    )
  })

  it('does not guess at a damaged line in the middle', () => {
    expect(parseJournal(text.replace('"intent"', '"intent'))).toBeNull()
  })
})
