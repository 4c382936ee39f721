import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProblemError } from '#shared/base/problem.ts'
import { assertArgumentFile, assertBootMenu, assertInitramfsOutput, assertOwnFile } from './paths.ts'

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
    ['image', '/boot/initrd-6.4.0-default'],
    ['image', '/boot/efi/5c0f/6.1.0-23-amd64/initrd.img-6.1.0-23-amd64'],
    ['image', '/efi/EFI/Linux/arch-linux.efi'],
    ['menu', '/boot/efi/EFI/centos/grub.cfg'],
    ['args', '/etc/kernelstub/configuration'],
    ['args', '/boot/efi/EFI/Pop_OS-1/cmdline'],
  ] as const)('accepts %s %s', (list, path) => expect(() => lists[list](path)).not.toThrow())

  it.each([
    ['create', '/boot/efi/loader/entries/evil.conf'],
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
