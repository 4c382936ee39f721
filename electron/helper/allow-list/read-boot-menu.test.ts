import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { OpenedFile, OpenedMenu } from '#shared/plan/closed-files.ts'
import { RealSystem } from '../real-system.ts'
import { readBootMenu } from './read-boot-menu.ts'

const SECRET = '/etc/shadow'

async function machine(files: Record<string, string>, links: Record<string, string> = {}): Promise<OpenedFile[]> {
  return (await menuOf(files, links)).files
}

async function menuOf(files: Record<string, string>, links: Record<string, string> = {}): Promise<OpenedMenu> {
  const root = await temporaryDirectory('closed')
  for (const path of [...Object.keys(files), ...Object.keys(links)])
    await mkdir(dirname(join(root, path)), { recursive: true })
  for (const [path, text] of Object.entries({ [SECRET]: 'root:secret', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  for (const [path, target] of Object.entries(links)) await symlink(target, join(root, path))
  return readBootMenu(new RealSystem(root))
}

const of = (files: readonly OpenedFile[], path: string) => files.find((file) => file.path === path)

describe('the boot menu as root reads it', () => {
  it('has menus, entries and names, and names what is missing', async () => {
    const entry = '/boot/loader/entries/a.conf'
    const files = await machine({ '/boot/grub/grub.cfg': 'menu', [entry]: 'title A', '/boot/loader/entries/x': 'no' })
    expect(of(files, '/boot/grub/grub.cfg')).toEqual({ path: '/boot/grub/grub.cfg', text: 'menu', names: null })
    expect(of(files, entry)?.text).toBe('title A')
    expect(of(files, '/boot/loader/entries')?.names?.sort()).toEqual(['a.conf', 'x'])
    expect(of(files, '/boot/loader/entries/x')).toBeUndefined()
    expect(of(files, '/boot/grub2/grub.cfg')).toEqual({ path: '/boot/grub2/grub.cfg', text: null, names: null })
  })

  it.each([
    ['a menu', '/boot/grub/grub.cfg', SECRET],
    ['a menu, upwards', '/boot/grub/grub.cfg', '../../etc/shadow'],
    ['an entry', '/boot/loader/entries/a.conf', SECRET],
    ['a directory', '/boot/loader/entries', '/etc'],
    ['a parent', '/boot/grub', '/etc'],
  ])('never follows %s out of the list', async (_what, path, target) => {
    const files = await machine({ '/etc/grub.cfg': 'secret', '/etc/a.conf': 'secret' }, { [path]: target })
    expect(JSON.stringify(files)).not.toContain('secret')
    expect(files.flatMap(({ names }) => names ?? [])).not.toContain('shadow')
  })

  it('follows the environment block to the ESP, where RHEL 7 keeps it', async () => {
    const real = '/boot/efi/EFI/centos/grubenv'
    const files = await machine({ [real]: 'saved_entry=1' }, { '/boot/grub2/grubenv': '../efi/EFI/centos/grubenv' })
    expect(of(files, '/boot/grub2/grubenv')?.text).toBe('saved_entry=1')
  })

  it('tells versions of the images that entries start apart, and of no other file', async () => {
    const entry = '/boot/efi/loader/entries/a.conf'
    const initrd = '/boot/efi/m/6.1/initrd'
    const { stamps } = await menuOf({ [entry]: 'initrd /m/6.1/initrd\ninitrd /../../etc/shadow', [initrd]: 'image' })
    expect(Object.keys(stamps)).toEqual([initrd])
    expect(stamps[initrd]).toMatchObject({ bytes: 'image'.length })
  })

  it('leaves out what would not fit into an answer', async () => {
    const files = await machine({ '/boot/grub/grub.cfg': 'x'.repeat(100_001) })
    expect(of(files, '/boot/grub/grub.cfg')).toBeUndefined()
  })
})
