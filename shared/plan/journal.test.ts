import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldJournal } from './journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { parseJournal } from './journal-rows.ts'

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
const reverted: JournalLine = { kind: 'reverted', tx: 't1', index: 0, at: '2026-01-02T00:00:00Z', note: null }
const textOf = (...lines: readonly (object | string)[]) =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
const fold = (...lines: readonly (object | string)[]) => foldJournal(parseJournal(textOf(...lines)))
const text = textOf(begin, intent, done)

describe('the journal', () => {
  it('folds its lines into entries', () => {
    expect(fold(begin, intent, done)).toEqual({
      entries: [expect.objectContaining({ tx: 't1', step: 'kernel', after: { files: [] }, reverted: null })],
      doubts: [],
    })
  })

  it('survives being cut at any byte: a power loss never makes it unreadable', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length }), (cut) => {
        const lines = parseJournal(text.slice(0, cut)).map(({ line }) => line)
        expect(lines).toEqual([begin, intent, done].slice(0, lines.length))
      }),
    )
  })

  it('names a damaged line, reads all others, and lets nothing be changed', () => {
    const { entries, doubts } = fold(begin, intent, '{"kind":"done"', done)
    expect(entries).toHaveLength(1)
    expect(doubts).toEqual([expect.objectContaining({ number: 3, kind: null, bars: true })])
  })

  it('passes over a line of another version that is about no change', () => {
    const { entries, doubts } = fold(begin, intent, { kind: 'note', text: 'from a newer version' }, done)
    expect(entries[0]?.after).toEqual({ files: [] })
    expect(doubts).toEqual([expect.objectContaining({ number: 3, kind: 'note', bars: false })])
  })

  it('lets a line of another version bar changes only while what it is about is in force', () => {
    const unknown = { kind: 'audited', tx: 't1', index: 0, by: 'x' }
    expect(fold(begin, intent, unknown).doubts).toEqual([expect.objectContaining({ kind: 'audited', bars: true })])
    expect(fold(begin, intent, unknown, reverted).doubts).toEqual([expect.objectContaining({ bars: false })])
  })

  it('names the files of a change whose kind it does not know', () => {
    const file = { path: '/etc/default/grub', sha256: null, mode: 0, uid: 0, gid: 0 }
    const unknown = {
      ...intent,
      index: 1,
      change: { kind: 'turn-off-firewall' },
      before: { ...intent.before, files: [file] },
    }
    const { doubts } = fold(begin, intent, unknown)
    expect(doubts).toEqual([
      { number: 3, kind: 'intent', tx: 't1', index: 1, paths: ['/etc/default/grub'], older: 1, bars: true },
    ])
  })

  it('knows step and time of a transaction by its name where its first line is damaged', () => {
    const tx = `${Date.UTC(2026, 0, 1).toString(36)}-kernel-0123456789ab`
    const { entries } = fold('{', { ...intent, tx })
    expect(entries).toEqual([expect.objectContaining({ step: 'kernel', at: '2026-01-01T00:00:00.000Z' })])
  })

  it('shows why a change could not be taken back until it is', () => {
    const unreverted = { kind: 'unreverted', tx: 't1', index: 0, at: '2026-01-02T00:00:00Z', why: 'It is in use.' }
    const [stuck] = fold(begin, intent, done, unreverted).entries
    expect(stuck).toMatchObject({ reverted: null, failed: { why: 'It is in use.' } })
    const [left] = fold(begin, intent, done, unreverted, { kind: 'left', tx: 't1', index: 0, at: 'x' }).entries
    expect(left).toMatchObject({ reverted: { left: true }, failed: null })
  })

  it('still reads transactions whose names would not be given today', () => {
    const tx = 'm0 "old" name'
    expect(fold({ ...begin, tx }, { ...intent, tx }).entries).toEqual([expect.objectContaining({ tx })])
  })
})
