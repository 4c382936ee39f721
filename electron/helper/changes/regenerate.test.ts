import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { Backups } from '../journal/backups.ts'
import { RealSystem } from '../real-system.ts'
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
