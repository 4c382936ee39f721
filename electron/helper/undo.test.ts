import { spawnSync } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { DATA_DIRECTORY, RECOVERY_SHEET, RESCUE_SCRIPT } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Change } from '#shared/plan/change.ts'
import { Executor } from './executor.ts'
import { DEFAULTS, DROP_IN, HostTree, MODULES, planOf } from './host-tree.fixture.ts'

// Which texts a plan may hold is another test's matter.
vi.mock('./allow-list/plan.ts', () => ({ assertPlan: () => Promise.resolve() }))

const OLD = 'GRUB_CMDLINE_LINUX="quiet"\n'
const NEW = 'GRUB_CMDLINE_LINUX="quiet x"\n'

/** Three files changed, and the copy of the second one lost since. */
async function damaged(): Promise<HostTree> {
  const tree = await HostTree.make({ [DEFAULTS]: OLD })
  const changes = [
    await tree.writing(DROP_IN, 'ours\n'),
    await tree.writing(DEFAULTS, NEW),
    await tree.writing(MODULES, 'vfio-pci\n'),
  ]
  await tree.executor().apply(planOf(changes))
  const hash = tree.system.hash(new TextEncoder().encode(OLD))
  await rm(tree.at(`${DATA_DIRECTORY}/backups/${hash}`))
  return tree
}

describe('an undo in which one change cannot be taken back', () => {
  it('takes all others back, and says which it left and what to do', async () => {
    const tree = await damaged()
    const { left } = await tree.executor().undo({ kind: 'all' })
    expect(left).toMatchObject([
      { index: 1, text: `Change ${DEFAULTS}`, problem: { code: 'journal', hint: expect.any(String) as string } },
    ])
    expect([await tree.text(DROP_IN), await tree.text(MODULES), await tree.text(DEFAULTS)]).toEqual([null, null, NEW])
  })

  it('agrees with rescue script and recovery sheet on what is left', async () => {
    const tree = await damaged()
    await tree.executor().undo({ kind: 'all' })
    expect(await tree.text(RECOVERY_SHEET)).toMatch(/Change \/etc\/default\/grub\n +Could not be taken back/u)
    expect(await tree.text(RECOVERY_SHEET)).not.toContain(MODULES)
    const script = await tree.text(RESCUE_SCRIPT)
    expect([script?.includes(`restore ${DEFAULTS}`), script?.includes(MODULES)]).toEqual([true, false])
  })

  it('closes it once the admin leaves it as it is, and not before an undo was tried', async () => {
    const tree = await damaged()
    const [first] = (await tree.executor().undo({ kind: 'last' })).left
    await tree.executor().leave(first?.tx ?? '', 1)
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect(await tree.text(RESCUE_SCRIPT)).toBeNull()
    expect(await tree.text(DEFAULTS)).toBe(NEW)
    await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
    const tx = /reverted '"([^"]+)"'/u.exec((await tree.text(RESCUE_SCRIPT)) ?? '')?.[1] ?? ''
    await expect(tree.executor().leave(tx, 0)).rejects.toMatchObject({ problem: { code: 'conflict' } })
  })

  it('leaves an older change of the same file, which lies below it', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: OLD })
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, NEW)]))
    await tree.executor().apply(planOf([await tree.writing(DEFAULTS, 'third\n')]))
    await rm(tree.at(`${DATA_DIRECTORY}/backups/${tree.system.hash(new TextEncoder().encode(NEW))}`))
    const { left } = await tree.executor().undo({ kind: 'all' })
    expect(left.map(({ problem }) => problem.code)).toEqual(['journal', 'conflict'])
    expect(await tree.text(DEFAULTS)).toBe('third\n')
  })

  it('removes a directory of ours with the last file in it, in whatever order they go', async () => {
    const tree = await HostTree.make()
    const vm = `${DATA_DIRECTORY}/vms/a`
    await tree.executor().apply(planOf([await tree.writing(`${vm}/vm.json`, '{}')], 'definition'))
    await tree.executor().apply(planOf([await tree.writing(`${vm}/start-vm.sh`, '#\n')], 'launch'))
    await tree.executor().undo({ kind: 'step', step: 'definition', vm: null })
    expect(await readdir(tree.at(vm))).toEqual(['start-vm.sh'])
    await tree.executor().undo({ kind: 'all' })
    expect(await readdir(tree.at(DATA_DIRECTORY))).toEqual(
      ['backups', 'journal.jsonl'].filter((name) => name !== 'backups'),
    )
  })
})

describe('a roll-back in which something cannot be taken back', () => {
  it('names what failed first, then what stays', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: OLD })
    const broken = await tree.writing(MODULES, 'vfio-pci\n')
    const changes = [await tree.writing(DROP_IN, 'ours\n'), await tree.writing(DEFAULTS, NEW), broken]
    const write = tree.system.writeAtomic.bind(tree.system)
    tree.system.writeAtomic = async (path, bytes, owner) => {
      if (path === MODULES) {
        await rm(tree.at(`${DATA_DIRECTORY}/backups`), { recursive: true })
        throw new ProblemError('disk-full', 'No room for it.', { hint: 'Make room.' })
      }
      return write(path, bytes, owner)
    }
    const problem = { code: 'disk-full', message: 'No room for it.', hint: expect.any(String) as string }
    const thrown: unknown = await tree
      .executor()
      .apply(planOf(changes))
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ problem })
    expect(thrown).toMatchObject({
      problem: { hint: expect.stringMatching(/^Make room\. Not taken back: Change \/etc\/default\/grub\./u) as string },
    })
    expect([await tree.text(DROP_IN), await tree.text(DEFAULTS)]).toEqual([null, NEW])
  })
})

describe('a name of a transaction with quotes in it, from an older journal', () => {
  it('does not damage the journal when the rescue script writes it', async () => {
    const tree = await HostTree.make()
    const plan = { ...planOf([await tree.writing(MODULES, 'vfio-pci\n')]), id: `boot-"x' y` }
    await tree.executor().apply(plan)
    const done = spawnSync('sh', [tree.at(RESCUE_SCRIPT), tree.root], { encoding: 'utf8' })
    expect([done.status, done.stderr]).toEqual([0, ''])
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
  })
})

describe('a card whose driver of before is gone', () => {
  const CARD = '0000:04:00.0'
  const bind: Change = {
    kind: 'bind-driver',
    address: CARD,
    driver: 'vfio-pci',
    expected: { driver: 'nouveau', vendorId: '10de', deviceId: '13f1' },
  }

  it('is let go, with a note; the changes before it are taken back as well', async () => {
    const host = simulated({
      ...PAPER_WORKSTATION,
      files: { ...PAPER_WORKSTATION.files, '/proc/cmdline': 'intel_iommu=on\n' },
    })
    const executor = new Executor(host, 0, () => undefined)
    const file: Change = { kind: 'write-file', path: MODULES, text: 'vfio-pci\n', mode: 0o644, expected: null }
    const override: Change = {
      kind: 'override-driver',
      address: CARD,
      override: 'vfio-pci',
      expected: { override: null, vendorId: '10de', deviceId: '13f1' },
    }
    await executor.apply(planOf([file, { kind: 'load-module', module: 'vfio-pci' }, override, bind], 'bind'))
    const write = host.writeAttribute.bind(host)
    host.writeAttribute = async (path, value) => (path.endsWith('drivers_probe') ? undefined : write(path, value))
    host.run = () => Promise.reject(new ProblemError('tool-missing', 'modprobe is not installed.', { hint: 'x' }))
    const { notes, left } = await executor.undo({ kind: 'all' })
    expect(left).toEqual([])
    expect(notes).toContainEqual(expect.stringMatching(/did not take it; it is on no driver/u))
    expect(await host.state(MODULES)).toBeNull()
  })
})
