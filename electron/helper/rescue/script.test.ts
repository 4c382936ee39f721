import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { foldJournal, type JournalEntry } from '#shared/plan/journal.ts'
import { parseJournal } from '#shared/plan/journal-rows.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { Executor } from '../executor.ts'
import { ownWrite } from '../own-write.fixture.ts'
import { RealSystem } from '../real-system.ts'
import { rescueScript } from './script.ts'

const DROP_IN = '/etc/default/grub.d/90-passthrough-studio.cfg'
const DEFAULTS = '/etc/default/grub'
const OLD = 'GRUB_CMDLINE_LINUX="quiet"\n'

async function machine(): Promise<{ root: string; executor: Executor; system: RealSystem }> {
  const root = await temporaryDirectory('rescue')
  for (const path of ['etc/default', 'var/lib']) await mkdir(join(root, path), { recursive: true })
  await writeFile(join(root, DEFAULTS), OLD, { mode: 0o640 })
  const system = new RealSystem(root)
  return { root, system, executor: new Executor(system, 0, () => undefined) }
}

async function plan(system: RealSystem): Promise<Plan> {
  const args: ['iommu=pt'] = ['iommu=pt']
  const writes = [
    await ownWrite(system, { of: 'grub-drop-in', args }),
    await ownWrite(system, { of: 'grub-defaults', variable: 'GRUB_CMDLINE_LINUX', args }),
  ]
  return {
    id: 'p',
    step: 'boot',
    changes: writes.flatMap((change) => (change === null ? [] : [{ change, reason: '', before: null }])),
    rebootNeeded: true,
    risk: 'reversible',
    confirm: null,
  }
}

function rescue(root: string) {
  return spawnSync('sh', [join(root, DATA_DIRECTORY, 'rescue.sh'), root], { encoding: 'utf8' })
}

describe('the rescue script, run by a real shell on real files', () => {
  it('restores files byte for byte, removes ours, and writes the journal', async () => {
    const { root, system, executor } = await machine()
    await executor.apply(await plan(system))
    const done = rescue(root)
    expect(done.stderr).toBe('')
    expect(done.status).toBe(0)
    expect(await readFile(join(root, DEFAULTS), 'utf8')).toBe(OLD)
    expect(await system.state(DEFAULTS)).toMatchObject({ mode: 0o640 })
    expect(await system.state(dirname(DROP_IN))).toBeNull()
    const journal = foldJournal(
      parseJournal(await readFile(join(root, DATA_DIRECTORY, 'journal.jsonl'), 'utf8')),
    ).entries
    expect(journal.map((entry) => entry.reverted?.note)).toEqual(Array(2).fill('Taken back by the rescue script.'))
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })

  it('leaves what somebody else wrote since, and survives a journal cut short', async () => {
    const { root, system, executor } = await machine()
    await executor.apply(await plan(system))
    await writeFile(join(root, DEFAULTS), 'theirs\n')
    const journal = join(root, DATA_DIRECTORY, 'journal.jsonl')
    await writeFile(journal, '{"kind":"int', { flag: 'a' })
    const done = rescue(root)
    expect(done.status).toBe(0)
    const names = await system.list(DATA_DIRECTORY)
    const kept = names.kind === 'names' ? names.names.find((name) => name.startsWith('replaced-')) : undefined
    expect(await readFile(join(root, DATA_DIRECTORY, kept ?? '', DEFAULTS), 'utf8')).toBe('theirs\n')
    expect(foldJournal(parseJournal(await readFile(journal, 'utf8'))).doubts).toEqual([])
  })

  it('names a file it cannot restore, goes on with the others, and fails', async () => {
    const { root, system, executor } = await machine()
    await executor.apply(await plan(system))
    await writeFile(join(root, DATA_DIRECTORY, 'backups', system.hash(new TextEncoder().encode(OLD))), 'damaged')
    const done = rescue(root)
    expect(done.status).toBe(1)
    expect(done.stderr).toContain('the backup of /etc/default/grub is missing or damaged')
    expect(await system.state(DROP_IN)).toBeNull()
  })

  it('is removed with the last change, together with the sheet', async () => {
    const { root, system, executor } = await machine()
    await executor.apply(await plan(system))
    expect(await readFile(join(root, DATA_DIRECTORY, 'RECOVERY.txt'), 'utf8')).toContain(`Write ${DROP_IN}`)
    await executor.undo({ kind: 'all' })
    const names = await system.list(DATA_DIRECTORY)
    expect(names).toMatchObject({ names: ['backups', 'journal.jsonl'] })
  })
})

describe('the rescue script with tools that keep arguments themselves', () => {
  const args: JournalEntry = {
    tx: 't',
    index: 0,
    step: 'boot',
    at: '',
    boot: '',
    change: { kind: 'kernel-args', tool: 'rpm-ostree', args: ['intel_iommu=on'], outputs: [] },
    before: { files: [], createdDirectories: [], values: {} },
    after: { files: [] },
    confirmed: null,
    reverted: null,
    failed: null,
    contents: null,
  }

  it('has the tool remove them, or tells a person how from a live system', async () => {
    const { root, system, executor } = await machine()
    await executor.apply(await plan(system))
    const path = join(root, DATA_DIRECTORY, 'rescue.sh')
    await writeFile(path, rescueScript([args]))
    expect(await readFile(path, 'utf8')).toContain('again rpm-ostree kargs --delete-if-present=intel_iommu=on')
    expect(rescue(root).stdout).toContain('then run there:\n  rpm-ostree kargs --delete-if-present=intel_iommu=on')
  })
})

describe('a journal whose last line a power loss cut short', () => {
  it('is continued without damaging the next line', async () => {
    const { root, system, executor } = await machine()
    await executor.apply(await plan(system))
    await writeFile(join(root, DATA_DIRECTORY, 'journal.jsonl'), '{"kind":"int', { flag: 'a' })
    await executor.undo({ kind: 'all' })
    expect(await readFile(join(root, DEFAULTS), 'utf8')).toBe(OLD)
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })
})
