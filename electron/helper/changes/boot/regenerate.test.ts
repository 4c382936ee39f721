import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Executor } from '#helper/executor.ts'
import { Backups } from '#helper/journal/backups.ts'
import { RealSystem } from '#helper/real-system.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { Change } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { rebuildInitramfs } from './regenerate.ts'

const IMAGE = '/boot/initrd.img-6.1.0'

describe('undo of an initramfs build that was killed half-way', () => {
  it('restores the image and removes what the tool left beside it', async () => {
    const root = await temporaryDirectory('regenerate')
    for (const path of ['boot', 'var/lib/passthrough-studio']) await mkdir(join(root, path), { recursive: true })
    await writeFile(join(root, IMAGE), 'of before')
    await chmod(join(root, IMAGE), 0o644)
    const system = new RealSystem(root)
    const work = { system, backups: new Backups(system), log: () => undefined, caller: 0, tx: 't' }
    const change = { kind: 'rebuild-initramfs' as const, tool: 'update-initramfs' as const, outputs: [IMAGE] }
    const before = await rebuildInitramfs.capture(work, change)
    for (const name of [IMAGE, `${IMAGE}.new`, `${IMAGE}.dpkg-bak`]) await writeFile(join(root, name), 'half')
    const entry: JournalEntry = {
      tx: 't',
      index: 0,
      step: 'bind',
      at: '',
      boot: '',
      change,
      before,
      after: null,
      reverted: null,
      failed: null,
      contents: null,
      confirmed: null,
    }
    await rebuildInitramfs.revert(work, change, entry)
    expect(await readdir(join(root, 'boot'))).toEqual(['initrd.img-6.1.0'])
    expect(Buffer.from((await system.bytes(IMAGE)) ?? []).toString()).toBe('of before')
  })
})

describe('a dracut image', () => {
  const esp = '/boot/efi/0123/6.1.0/initrd.img-6.1.0'
  const table: [string, string[], string[][]][] = [
    ['is rebuilt for each image and its kernel', [IMAGE, esp], [['-f', IMAGE, '6.1.0']]],
    [
      'knows the names of Fedora and openSUSE',
      ['/boot/initramfs-6.8.img', '/boot/initrd-6.8'],
      [
        ['-f', '/boot/initramfs-6.8.img', '6.8'],
        ['-f', '/boot/initrd-6.8', '6.8'],
      ],
    ],
    ['is not run for a kernel without modules', [IMAGE, '/boot/initrd.img-5.10'], [['-f', IMAGE, '6.1.0']]],
    ['finds the images itself where /boot has none', [esp], [['-f', '--regenerate-all']]],
  ]

  it.each(table)('%s', async (_what, outputs, expected) => {
    const root = await temporaryDirectory('regenerate')
    for (const release of ['6.1.0', '6.8']) await mkdir(join(root, 'lib/modules', release), { recursive: true })
    const ran: (readonly string[])[] = []
    const system = new RealSystem(root)
    system.run = (_tool, args) => {
      ran.push(args)
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' })
    }
    const work = { system, backups: new Backups(system), log: () => undefined, caller: 0, tx: 't' }
    await rebuildInitramfs.apply(work, { kind: 'rebuild-initramfs', tool: 'dracut', outputs })
    expect(ran).toEqual(expected)
  })
})

describe('a tool that writes more than its plan names', () => {
  const WRITTEN = [
    ['update-initramfs', IMAGE, { kind: 'rebuild-initramfs', tool: 'update-initramfs', outputs: [] }],
    ['update-grub', '/boot/grub/grub.cfg', { kind: 'update-bootloader', tool: 'update-grub', outputs: [] }],
  ] as const

  it.each(WRITTEN)('%s: undo puts back %s', async (_tool, path, { outputs, ...change }) => {
    const root = await temporaryDirectory('regenerate')
    for (const directory of ['boot/grub', 'var/lib', 'proc']) await mkdir(join(root, directory), { recursive: true })
    await writeFile(join(root, path), 'of before')
    const system = new RealSystem(root)
    system.run = async () => {
      await writeFile(join(root, path), 'made by the tool')
      return { exitCode: 0, stdout: '', stderr: '' }
    }
    const executor = new Executor(system, 0, () => undefined)
    await executor.apply(bootPlan({ ...change, outputs: [...outputs] }))
    expect(await readFile(join(root, path), 'utf8')).toBe('made by the tool')
    expect(await executor.undo({ kind: 'all' })).toEqual({ notes: [], left: [] })
    expect(await readFile(join(root, path), 'utf8')).toBe('of before')
  })

  it.each(['/boot/loader/entries/m-1.conf', '/boot/efi/EFI/Linux/initrd-6.1.0'])(
    'is refused: a menu of GRUB over %s',
    async (path) => {
      const executor = new Executor(new RealSystem(await temporaryDirectory('regenerate')), 0, () => undefined)
      const change = { kind: 'update-bootloader', tool: 'grub-mkconfig', outputs: [path] } as const
      await expect(executor.apply(bootPlan({ ...change, outputs: [path] }))).rejects.toThrow('not a menu of GRUB')
    },
  )
})

function bootPlan(change: Change): Plan {
  const about = { id: 'p', step: 'boot', rebootNeeded: true, risk: 'reversible', confirm: null } as const
  return { ...about, changes: [{ change, reason: '', before: null }] }
}
