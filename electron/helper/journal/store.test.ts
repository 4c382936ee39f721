import { appendFile, stat, truncate } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { foldJournal } from '#shared/plan/journal.ts'
import { parseJournal } from '#shared/plan/journal-rows.ts'
import { DEFAULTS, HostTree, JOURNAL, MODULES, planOf } from '../host-tree.fixture.ts'
import { compacted } from './compact.ts'

// Which texts a plan may hold is another test's matter.
vi.mock('../allow-list/plan.ts', () => ({ assertPlan: () => Promise.resolve() }))

const vmFile = (name: string) => `${DATA_DIRECTORY}/vms/${name}/vm.json`

const BEGIN = { kind: 'begin', version: 1, plan: 'p', step: 'definition', at: '2026-01-01T00:00:00.000Z', boot: '' }
const REVERTED = (tx: string) => ({ kind: 'reverted', tx, index: 0, at: '', note: null })

function intentOf(tx: string, text: string): string {
  const change = { kind: 'write-file', path: MODULES, text, mode: 0o644, expected: null }
  const before = { files: [], createdDirectories: [], values: {} }
  return JSON.stringify({ kind: 'intent', tx, index: 0, change, before })
}

/** A journal of about so many bytes, made of changes that were taken back long ago. */
async function grow(tree: HostTree, bytes: number): Promise<void> {
  const tx = 'm0-definition-0'
  const at = '2026-01-01T00:00:00.000Z'
  const before = { files: [], createdDirectories: [], values: {} }
  const change = { kind: 'write-file', path: vmFile('old'), text: 'x'.repeat(60_000), mode: 0o644, expected: null }
  const lines: object[] = [{ kind: 'begin', version: 1, tx, plan: 'definition-0', step: 'definition', at, boot: '' }]
  for (let index = 0; index * 60_000 < bytes; index += 1) {
    lines.push({ kind: 'intent', tx, index, change, before }, { kind: 'done', tx, index, after: { files: [] } })
    lines.push({ kind: 'reverted', tx, index, at, note: null })
  }
  await tree.write(JOURNAL, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

describe('a journal longer than 4 MiB', () => {
  it.each([4 * 1_048_576 - 10_000, 9_000_000])('of %i bytes forgets no change made after it', async (bytes) => {
    const tree = await HostTree.make()
    await grow(tree, bytes)
    const paths = ['a', 'b', 'c', 'd', 'e', 'f'].map(vmFile)
    for (const path of paths) await tree.executor().apply(planOf([await tree.writing(path, '{}')], 'definition'))
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    for (const path of paths) expect(await tree.text(path)).toBeNull()
  })

  it('loses nothing but the last line, when that was cut short', async () => {
    const tree = await HostTree.make()
    await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
    const whole = (await stat(tree.at(JOURNAL))).size
    await appendFile(tree.at(JOURNAL), `{"kind":"intent","x":"${'y'.repeat(6_000_000)}`)
    await tree.system.cutTornLine(JOURNAL)
    expect((await stat(tree.at(JOURNAL))).size).toBe(whole)
    await truncate(tree.at(JOURNAL), whole - 3)
    await tree.executor().undo({ kind: 'all' })
    expect(await tree.text(MODULES)).toBeNull()
  })
})

describe('a journal of changes that were taken back', () => {
  it('is shortened before the next change, and loses nothing that is in force', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: 'quiet\n' })
    await grow(tree, 9_000_000)
    const open = [JSON.stringify({ ...BEGIN, tx: 'm1-boot-1', step: 'boot' }), intentOf('m1-boot-1', 'in force\n')]
    await appendFile(tree.at(JOURNAL), open.map((line) => `${line}\n`).join(''))
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, 'quiet x\n')]))
    const text = (await tree.text(JOURNAL)) ?? ''
    expect(text.length).toBeLessThan(200_000)
    expect(text).toContain(open[1] ?? '')
    const { entries } = foldJournal(parseJournal(text))
    expect(entries).toHaveLength(152)
    expect(entries[0]).toMatchObject({ reverted: { note: null }, contents: { kept: 'nowhere' } })
  })

  it('forgets all but the last hundred transactions, and none that is left as it is', () => {
    const closed = Array.from({ length: 150 }, (_, number) => {
      const tx = `m${number}-boot-1`
      const end = number === 3 ? { kind: 'left', tx, index: 0, at: '' } : REVERTED(tx)
      return [JSON.stringify({ ...BEGIN, tx }), intentOf(tx, 'x'), JSON.stringify(end)]
    })
    const text = closed
      .flat()
      .map((line) => `${line}\n`)
      .join('')
    const names = foldJournal(parseJournal(compacted(text, () => 'hash'))).entries.map(({ tx }) => tx)
    expect([names.length, names[0], names[1]]).toEqual([101, 'm3-boot-1', 'm50-boot-1'])
  })
})

describe('a journal that holds a line nobody understands', () => {
  it.each([
    ['damaged', '{"kind":"inte'],
    ['of a newer version, about a change in force', '{"kind":"audited","tx":"TX","index":0}'],
  ])('lets nothing new be changed, and takes back what it tells otherwise: %s', async (_what, line) => {
    const tree = await HostTree.make({ [DEFAULTS]: 'quiet\n' })
    await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
    const tx = /"tx":"([^"]+)"/u.exec((await tree.text(JOURNAL)) ?? '')?.[1] ?? ''
    await appendFile(tree.at(JOURNAL), `${line.replace('TX', tx)}\n`)
    const more = planOf([await tree.writing(DEFAULTS, 'quiet x\n')])
    await expect(tree.executor().apply(more)).rejects.toMatchObject({ problem: { code: 'journal' } })
    expect(await tree.text(DEFAULTS)).toBe('quiet\n')
    const { notes, left } = await tree.executor().undo({ kind: 'all' })
    expect([notes.length, left]).toEqual([1, []])
    expect(await tree.text(MODULES)).toBeNull()
  })

  it('of a newer version that is about no change bars nothing', async () => {
    const tree = await HostTree.make()
    await tree.write(JOURNAL, '{"kind":"note","text":"hello"}\n')
    await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })

  it('leaves a file alone that a change of a newer version was about', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: 'quiet\n' })
    const changes = [await tree.writing(DEFAULTS, 'quiet x\n'), await tree.writing(MODULES, 'vfio-pci\n')]
    await tree.executor().apply(planOf(changes))
    const before = { files: [{ path: DEFAULTS, sha256: null, mode: 0, uid: 0, gid: 0 }] }
    const newer = { kind: 'intent', tx: 'm0-boot-1', index: 0, change: { kind: 'turn-off-firewall' }, before }
    await appendFile(tree.at(JOURNAL), `${JSON.stringify(newer)}\n`)
    const { left } = await tree.executor().undo({ kind: 'all' })
    expect(left.map(({ text }) => text)).toEqual([`Change ${DEFAULTS}`])
    expect([await tree.text(DEFAULTS), await tree.text(MODULES)]).toEqual(['quiet x\n', null])
  })
})

describe('a journal that is gone', () => {
  it('makes undo name the files of ours that nobody can take back any more', async () => {
    const tree = await HostTree.make()
    await tree.write(MODULES, 'vfio-pci\n')
    const { notes } = await tree.executor().undo({ kind: 'all' })
    expect(notes).toEqual([expect.stringContaining(MODULES)])
    expect(await tree.text(MODULES)).toBe('vfio-pci\n')
  })

  it('is nothing to speak of where no file of ours is', async () => {
    expect(await (await HostTree.make()).executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })
})
