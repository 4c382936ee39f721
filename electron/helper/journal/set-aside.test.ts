import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { DATA_DIRECTORY, JOURNAL_FILE, RECOVERY_SHEET, RESCUE_SCRIPT } from '#shared/base/own-files.ts'
import { DEFAULTS, HostTree, JOURNAL, MODULES, planOf } from '../host-tree.fixture.ts'

// Which texts a plan may hold is another test's matter.
vi.mock('../allow-list/plan.ts', () => ({ assertPlan: () => Promise.resolve() }))

/** A host that has one change in force, of which the journal's only line is damaged. */
async function damaged(): Promise<HostTree> {
  const tree = await HostTree.make({ [DEFAULTS]: 'quiet\n' })
  await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
  const text = (await tree.text(JOURNAL)) ?? ''
  await tree.write(JOURNAL, text.replace('{"kind":"intent"', '{"kind":"int'))
  return tree
}

async function aside(tree: HostTree): Promise<string> {
  const names = await readdir(tree.at(DATA_DIRECTORY))
  const [name = '', ...more] = names.filter((each) => each.startsWith('set-aside-'))
  expect(more).toEqual([])
  return `${DATA_DIRECTORY}/${name}`
}

describe('a journal with a damaged line', () => {
  it('is set aside with script and sheet, each as it was; then changes can be made', async () => {
    const tree = await damaged()
    const names = ['journal.jsonl', 'rescue.sh', 'RECOVERY.txt']
    const seen = (directory: string) =>
      Promise.all(
        names.map(async (name) => [
          await tree.text(`${directory}/${name}`),
          await tree.system.state(`${directory}/${name}`),
        ]),
      )
    const before = await seen(DATA_DIRECTORY)
    const backups = await readdir(tree.at(DATA_DIRECTORY))
    const notes = await tree.executor().setJournalAside()
    const directory = await aside(tree)
    expect(notes).toEqual([
      `The journal was set aside in ${directory}.`,
      `What it knew is still taken back by: sudo sh ${directory}/rescue.sh`,
    ])
    expect(await seen(directory)).toEqual(before)
    expect(await seen(DATA_DIRECTORY)).toEqual(names.map(() => [null, null]))
    expect(await readdir(tree.at(DATA_DIRECTORY))).toEqual(
      [...backups.filter((name) => !names.includes(name)), directory.split('/').at(-1)].sort(),
    )
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, 'quiet x\n')]))
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect([await tree.text(DEFAULTS), await tree.text(MODULES)]).toEqual(['quiet\n', 'vfio-pci\n'])
  })

  it('has a rescue script that goes on working there, and leaves a newer one in place alone', async () => {
    const tree = await damaged()
    await tree.executor().setJournalAside()
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, 'quiet x\n')]))
    const newer = await Promise.all([JOURNAL_FILE, RESCUE_SCRIPT, RECOVERY_SHEET].map((path) => tree.text(path)))
    const script = `${await aside(tree)}/rescue.sh`
    const done = spawnSync('sh', [tree.at(script), tree.root], { encoding: 'utf8' })
    expect([done.stderr, done.status]).toEqual(['', 0])
    expect([await tree.text(MODULES), await tree.text(DEFAULTS)]).toEqual([null, 'quiet x\n'])
    expect(await Promise.all([JOURNAL_FILE, RESCUE_SCRIPT, RECOVERY_SHEET].map((path) => tree.text(path)))).toEqual(
      newer,
    )
    expect(await tree.text(script)).toBeNull()
  })

  it('stays while undo still knows how to take a change back', async () => {
    const tree = await damaged()
    const text = (await tree.text(JOURNAL)) ?? ''
    const tx = /"tx":"([^"]+)"/u.exec(text)?.[1] ?? ''
    const before = { files: [], createdDirectories: [], values: {} }
    const known = { kind: 'intent', tx, index: 7, change: { kind: 'load-module', module: 'vfio-pci' }, before }
    await tree.write(JOURNAL, `${text}${JSON.stringify(known)}\n`)
    await expect(tree.executor().setJournalAside()).rejects.toMatchObject({ problem: { code: 'conflict' } })
    expect(await tree.text(JOURNAL)).toContain('{"kind":"int,')
  })
})

describe('a journal that bars no change', () => {
  it.each([
    ['that is whole', async (tree: HostTree) => tree.executor().apply(planOf([await tree.writing(MODULES, 'x\n')]))],
    ['that is not there', () => Promise.resolve()],
    ['with a newer line about nothing', (tree: HostTree) => tree.write(JOURNAL, '{"kind":"note","text":"x"}\n')],
  ])('is never set aside: one %s', async (_which, make) => {
    const tree = await HostTree.make()
    await make(tree)
    const before = await tree.text(JOURNAL)
    await expect(tree.executor().setJournalAside()).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await tree.text(JOURNAL)).toBe(before)
  })
})

describe('a helper killed while it sets a journal aside', () => {
  it.each([1, 2, 3])('at its move %i loses nothing, and a second try ends in the same place', async (killAt) => {
    const tree = await damaged()
    const move = tree.system.move.bind(tree.system)
    let moves = 0
    tree.system.move = async (from, to) => {
      moves += 1
      if (moves === killAt) throw new Error('killed')
      return move(from, to)
    }
    await expect(tree.executor().setJournalAside()).rejects.toThrow('killed')
    tree.system.move = move
    // Until the journal has gone all is barred as before.
    await expect(tree.executor().apply(planOf([]))).rejects.toMatchObject({ problem: { code: 'journal' } })
    await tree.executor().setJournalAside()
    expect(moves).toBe(killAt)
    expect((await readdir(tree.at(await aside(tree)))).sort()).toEqual(['RECOVERY.txt', 'journal.jsonl', 'rescue.sh'])
    expect((await readdir(tree.at(DATA_DIRECTORY))).filter((name) => name.includes('.sh'))).toEqual([])
  })
})
