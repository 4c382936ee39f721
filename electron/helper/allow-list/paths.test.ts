import { chown } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootDirectory } from '#host/exec/other-user.fixture.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { RealSystem } from '../real-system.ts'
import { assertArgumentFile, assertBootMenu, assertInitramfsOutput, assertNoSymlink, assertOwnFile } from './paths.ts'

const lists = {
  edit: (path: string) => assertOwnFile(path, true),
  create: (path: string) => assertOwnFile(path, false),
  image: assertInitramfsOutput,
  menu: assertBootMenu,
  args: assertArgumentFile,
}

describe('a path the helper may write', () => {
  it.each([
    ['edit', '/boot/efi/loader/entries/arch.conf'],
    ['create', '/efi/loader/entries/passthrough-studio-rescue.conf'],
    ['create', '/etc/kernel/cmdline'],
    ['create', '/etc/systemd/system/passthrough-studio-vm-win-2.service'],
    ['create', '/etc/systemd/system/passthrough-studio-autostart-win-2.service'],
    ['create', '/etc/polkit-1/rules.d/60-passthrough-studio-vm-win-2-1000.rules'],
    ['image', '/boot/initrd-6.4.0-default'],
    ['image', '/boot/efi/5c0f/6.1.0-23-amd64/initrd.img-6.1.0-23-amd64'],
    ['image', '/efi/EFI/Linux/arch-linux.efi'],
    ['menu', '/boot/efi/EFI/centos/grub.cfg'],
    ['args', '/etc/kernelstub/configuration'],
    ['args', '/boot/efi/EFI/Pop_OS-1/cmdline'],
  ] as const)('accepts %s %s', (list, path) => expect(() => lists[list](path)).not.toThrow())

  it.each([
    ['create', '/boot/efi/loader/entries/evil.conf'],
    ['create', '/etc/systemd/system/passthrough-studio-vm-../x.service'],
    ['create', '/etc/polkit-1/rules.d/60-passthrough-studio-vm-win.rules'],
    ['create', '/etc/polkit-1/rules.d/50-default.rules'],
    ['edit', '/boot/efi/loader/entries/../../EFI/BOOT/BOOTX64.conf'],
    ['edit', '/boot/efi/loader/entries/a/b.conf'],
    ['edit', '/boot/efi/loader/entries/.hidden.conf'],
    ['edit', '/boot/efi/loader/loader.conf'],
    ['edit', '/mnt/loader/entries/arch.conf'],
    ['image', '/efi/EFI/BOOT/BOOTX64.efi'],
    ['image', '/efi/EFI/Linux/../BOOT/BOOTX64.efi'],
    ['image', '/boot/vmlinuz-6.1.0'],
    ['menu', '/boot/efi/EFI/debian/grub.cfg'],
    ['menu', '/etc/default/grub'],
    ['args', '/etc/passwd'],
  ] as const)('refuses %s %s', (list, path) => expect(() => lists[list](path)).toThrow(ProblemError))

  it('never has an empty, hidden or upward part', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'boot',
      'efi',
      'EFI',
      'Linux',
      'loader',
      'entries',
      'a.conf',
      'x.efi',
      'initrd',
      'a\nb',
      'a\0b',
    )
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 7 }),
        fc.constantFrom(...Object.values(lists)),
        (parts, check) => {
          const odd = parts.some((name) => name === '' || name.startsWith('.') || /[\n\0]/u.test(name))
          if (odd) expect(() => check(`/${parts.join('/')}`)).toThrow(ProblemError)
        },
      ),
    )
  })
})

describe.runIf(getuid?.() === 0)('the directory of polkit’s rules', () => {
  it('may be polkit’s own user’s, as distributions have it, and nobody else’s', async () => {
    const root = await rootDirectory({
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\npolkitd:x:997:997::/:/bin/false\nmira:x:1000:1000::/:/bin/sh\n',
      '/etc/polkit-1/rules.d/x': '',
      '/etc/systemd/x': '',
    })
    const system = new RealSystem(root)
    const rule = '/etc/polkit-1/rules.d/60-passthrough-studio-vm-win-1000.rules'
    await assertNoSymlink(system, rule)
    await chown(join(root, '/etc/polkit-1/rules.d'), 997, 0)
    await assertNoSymlink(system, rule)
    await chown(join(root, '/etc/polkit-1/rules.d'), 1000, 0)
    await expect(assertNoSymlink(system, rule)).rejects.toThrow('does not belong to root')
    await chown(join(root, '/etc/systemd'), 997, 0)
    await expect(assertNoSymlink(system, '/etc/systemd/a.service')).rejects.toThrow('does not belong to root')
  })
})
