import { chmod } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { journalRows } from '#app/session/journal-reader.ts'
import { foldJournal } from '#shared/plan/journal.ts'
import { parseJournal } from '#shared/plan/journal-rows.ts'
import { DEFAULTS, HostTree, JOURNAL, MODULES, planOf } from '../host-tree.fixture.ts'

// Which texts a plan may hold is another test's matter.
vi.mock('../allow-list/plan.ts', () => ({ assertPlan: () => Promise.resolve() }))

const SECRET = 'wpa-psk TopSecretPassphrase\n'

async function rowsOf(tree: HostTree) {
  return journalRows(foldJournal(parseJournal((await tree.text(JOURNAL)) ?? '')).entries)
}

describe('a text that only root may read', () => {
  it.each([
    ['its file is closed', async (tree: HostTree) => chmod(tree.at(DEFAULTS), 0o640)],
    ['a directory above is closed', async (tree: HostTree) => chmod(tree.at('/etc/default'), 0o700)],
  ])('is not in the journal, which everybody may read, when %s', async (_what, close) => {
    const tree = await HostTree.make({ [DEFAULTS]: SECRET })
    await close(tree)
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, `${SECRET}quiet\n`)]))
    expect(await tree.text(JOURNAL)).not.toContain('TopSecret')
    expect(await rowsOf(tree)).toMatchObject([{ diff: null, note: 'Contents only root may read.' }])
    await tree.executor().undo({ kind: 'all' })
    expect(await tree.text(DEFAULTS)).toBe(SECRET)
  })

  it('is known to undo all the same, which takes out nothing but what was added', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: SECRET })
    await chmod(tree.at(DEFAULTS), 0o600)
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, `${SECRET}ours\n`)]))
    await tree.write(DEFAULTS, `${SECRET}ours\ntheirs\n`)
    const { left } = await tree.executor().undo({ kind: 'all' })
    expect([left, await tree.text(DEFAULTS)]).toEqual([[], `${SECRET}theirs\n`])
  })

  it('is in the journal where everybody may read the file, with its diff', async () => {
    const tree = await HostTree.make()
    await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
    expect(await rowsOf(tree)).toMatchObject([{ note: null, diff: expect.stringContaining('+vfio-pci') as string }])
  })
})
