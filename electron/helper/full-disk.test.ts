import { spawnSync } from 'node:child_process'
import { open, readdir, rm } from 'node:fs/promises'
import { getuid } from 'node:process'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { DEFAULTS, DROP_IN, HostTree, MODULES, planOf } from './host-tree.fixture.ts'

// Which texts a plan may hold is another test's matter.
vi.mock('./allow-list/plan.ts', () => ({ assertPlan: () => Promise.resolve() }))

const IMAGE = '/boot/initrd.img-6.1.0'
const FILLER = '/var/filler'
const mounted: string[] = []

/** A small disk of its own at one directory of the tree. Mounting takes root. */
function mount(tree: HostTree, path: string, kib: number): void {
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'none', tree.at(path)], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  mounted.push(tree.at(path))
}

/** Writes a file until its disk is full. */
async function fill(tree: HostTree, path: string): Promise<void> {
  const file = await open(tree.at(path), 'a')
  try {
    for (let size = 65_536; size >= 1;) {
      const wrote = await file.write(new Uint8Array(size)).catch(() => ({ bytesWritten: 0 }))
      if (wrote.bytesWritten < size) size = Math.floor(size / 2)
    }
  } finally {
    await file.close()
  }
}

afterEach(() => {
  for (const path of mounted.splice(0)) spawnSync('umount', ['-l', path])
})

describe.skipIf(getuid?.() !== 0)('a full disk (a small one is mounted, which takes root)', () => {
  it('/boot, filled by the tool: roll-back gives every byte back and keeps the tool’s words', async () => {
    const tree = await HostTree.make()
    mount(tree, '/boot', 1024)
    await tree.write(IMAGE, 'i'.repeat(400_000))
    tree.system.freeBytes = () => Promise.resolve(Number.MAX_SAFE_INTEGER)
    tree.system.run = async () => {
      await fill(tree, `${IMAGE}.new`)
      throw new ProblemError('tool-failed', 'cpio: write error: No space left on device', { hint: 'Make room.' })
    }
    const changes = [
      await tree.writing(MODULES, 'vfio-pci\n'),
      { kind: 'rebuild-initramfs' as const, tool: 'update-initramfs' as const, outputs: [IMAGE] },
    ]
    const thrown: unknown = await tree
      .executor()
      .apply(planOf(changes))
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      problem: {
        message: expect.stringContaining('No space left on device') as string,
        hint: expect.stringMatching(/What this step had changed was taken back\.$/u) as string,
      },
    })
    expect(await readdir(tree.at('/boot'))).toEqual(['initrd.img-6.1.0'])
    expect(await tree.text(IMAGE)).toBe('i'.repeat(400_000))
    expect(await tree.text(MODULES)).toBeNull()
  })

  it('/var: nothing that was begun stays in /etc', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: 'quiet\n' })
    mount(tree, '/var', 256)
    await tree.write('/var/lib/keep', '')
    await tree.executor().apply(planOf([await tree.writing(MODULES, 'vfio-pci\n')]))
    await fill(tree, FILLER)
    const changes = [
      await tree.writing(DROP_IN, 'ours\n'),
      await tree.writing(DEFAULTS, `quiet x${'y'.repeat(9000)}\n`),
    ]
    await expect(tree.executor().apply(planOf(changes))).rejects.toMatchObject({ problem: { code: 'disk-full' } })
    expect([await tree.text(DROP_IN), await tree.text(DEFAULTS)]).toEqual([null, 'quiet\n'])
  })

  it('/var: undo takes everything back nevertheless, and once there is room the journal knows it', async () => {
    const tree = await HostTree.make({ [DEFAULTS]: 'quiet\n' })
    mount(tree, '/var', 256)
    await tree.write('/var/lib/keep', '')
    const changes = [
      await tree.writing(MODULES, 'vfio-pci\n'),
      await tree.writing(DROP_IN, 'ours\n'),
      await tree.writing(DEFAULTS, 'quiet x\n'),
    ]
    await tree.executor().apply(planOf(changes))
    await fill(tree, FILLER)
    await tree.executor().undo({ kind: 'all' })
    const now = [await tree.text(MODULES), await tree.text(DROP_IN), await tree.text(DEFAULTS)]
    expect(now).toEqual([null, null, 'quiet\n'])
    await rm(tree.at(FILLER))
    expect(await tree.executor().undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect(await readdir(tree.at(DATA_DIRECTORY))).toEqual(['backups', 'journal.jsonl'])
  })
})
