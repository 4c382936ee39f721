import { describe, expect, it } from 'vitest'
import { RecordedHost } from '#host/recorded/recorded.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { type Description, recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { unifiedText } from '#host/simulated/tools/unified.ts'
import { gatherBoot } from './boot.ts'

const VARIABLES = '/sys/firmware/efi/efivars'
const GUID = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
const GRUB = {
  '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
  '/boot/grub/grub.cfg': 'set default="0"\nmenuentry \'A\' {\n\tlinux /vmlinuz root=/dev/a\n}\n',
}
const ENTRIES = {
  '/boot/efi/loader/loader.conf': 'default b.conf\n',
  '/boot/efi/loader/entries/a.conf': 'title A\noptions a\n',
  '/boot/efi/loader/entries/b.conf': 'title B\noptions b\n',
}

/** The boot facts of a machine that has these files and tools and nothing else that boots. */
async function bootOf(
  files: Description['files'],
  tools: string[],
  change: (recording: Recording) => void = () => undefined,
) {
  const machine = { ...PAPER_WORKSTATION, files, tools, dirs: { '/sys/firmware/efi': [] } }
  const recording = recordingOf(machine)
  change(recording)
  return gatherBoot(new RecordedHost(recording))
}

function variable(name: string, text: string): Record<string, string> {
  return { [`${VARIABLES}/${name}-${GUID}`]: `\u0007\0\0\0${text.replaceAll(/./gu, '$&\0')}\0\0` }
}

describe('two boot loaders on one disk', () => {
  const both = { ...GRUB, ...ENTRIES }

  it('are both named, with the evidence for each', async () => {
    const { loaders } = await bootOf(both, ['update-grub'])
    expect(loaders.map(({ id, evidence }) => [id, evidence])).toEqual([
      ['grub-debian', expect.stringContaining('/boot/grub/grub.cfg')],
      ['systemd-boot', expect.stringContaining('/boot/efi/loader/loader.conf')],
    ])
  })

  it.each([
    ['systemd-boot 255', 'systemd-boot'],
    ['GRUB 2.12', 'grub-debian'],
  ])('are distinguished by the firmware’s own variable: %s', async (info, id) => {
    const { loaders } = await bootOf({ ...both, ...variable('LoaderInfo', info) }, ['update-grub'])
    expect(loaders.map((loader) => loader.id)).toEqual([id])
  })
})

describe('GRUB', () => {
  it('is not Debian’s where update-grub is only a shortcut', async () => {
    const script = { '/usr/bin/grub-mkconfig': '. /etc/default/grub\n' }
    const { loaders } = await bootOf({ ...GRUB, ...script }, ['update-grub', 'grub-mkconfig'])
    expect(loaders.map(({ id }) => id)).toEqual(['grub-arch'])
  })

  it('is known where only root may read its menu, and its default entry is not', async () => {
    const { loaders } = await bootOf(GRUB, ['update-grub'], (recording) => {
      recording.files['/boot/grub/grub.cfg'] = { denied: 'EACCES' }
    })
    expect(loaders).toMatchObject([{ id: 'grub-debian', defaultEntry: { unknown: 'EACCES' } }])
  })

  it('has its menu and its environment on the ESP on RHEL 8 with UEFI', async () => {
    const cfg = 'set default="${saved_entry}"\nset kernelopts="root=/dev/a ro"\nblscfg\n'
    const files = {
      '/boot/efi/EFI/redhat/grub.cfg': cfg,
      '/boot/loader/entries/m-4.18.0.conf': 'title RHEL\noptions $kernelopts $tuned_params\n',
    }
    const { loaders } = await bootOf(files, ['grubby'], (recording) => {
      recording.links['/etc/grub2-efi.cfg'] = '../boot/efi/EFI/redhat/grub.cfg'
      recording.links['/boot/grub2/grubenv'] = '../efi/EFI/redhat/grubenv'
    })
    expect(loaders).toMatchObject([{ id: 'grubby', defaultEntry: { cmdline: 'root=/dev/a ro' } }])
    expect(loaders[0]?.files).toContain('/boot/efi/EFI/redhat/grubenv')
  })
})

describe('systemd-boot', () => {
  const entryOf = async (files: Record<string, string>, change?: (recording: Recording) => void) =>
    (await bootOf({ ...ENTRIES, ...files }, [], change)).loaders[0]?.defaultEntry

  it('boots the entry that loader.conf names', async () => {
    expect(await entryOf({})).toMatchObject({ cmdline: 'b', chosenBy: 'name' })
  })

  it('boots the entry that an EFI variable names before that', async () => {
    expect(await entryOf(variable('LoaderEntryDefault', 'a.conf'))).toMatchObject({ cmdline: 'a' })
  })

  it('boots the first entry in its order when none is named', async () => {
    const files = {
      '/boot/efi/loader/loader.conf': 'timeout 3\n',
      '/boot/efi/loader/entries/a.conf': 'sort-key x\noptions a\n',
    }
    expect(await entryOf(files)).toMatchObject({ cmdline: 'a', chosenBy: 'order' })
  })

  it('has an unknown default when an entry or an image may not be read', async () => {
    for (const path of ['/boot/efi/loader/entries/a.conf', '/boot/efi/EFI/Linux/x.efi']) {
      const entry = await entryOf({ [path]: 'x' }, (recording) => {
        recording.files[path] = { denied: 'EACCES' }
      })
      expect(entry).toEqual({ unknown: expect.stringContaining(path) as string })
    }
  })
})

const IMAGE = '/boot/efi/EFI/Linux/token-6.12.1.efi'
const unified = (about: Parameters<typeof unifiedText>[0] = {}) => ({
  [IMAGE]: unifiedText({ cmdline: 'quiet', osrel: 'ID=debian\nPRETTY_NAME="Debian 13"', uname: '6.12.1', ...about }),
})
const MENU = { '/boot/efi/loader/loader.conf': 'timeout 3\n' }
const BY_KERNEL_INSTALL = { '/etc/kernel/install.conf': 'layout=uki\n' }
const BY_DRACUT = { '/etc/dracut.conf.d/uki.conf': 'uefi="yes"\n' }

describe('unified kernel images', () => {
  const found = async (files: Record<string, string>, tools: string[] = []) => (await bootOf(files, tools)).loaders

  it('stand in the menu of systemd-boot beside entries, in its order', async () => {
    const both = { ...ENTRIES, ...MENU, ...unified(), ...BY_KERNEL_INSTALL }
    const [first] = await found(both, ['kernel-install'])
    expect(first).toMatchObject({ id: 'uki-kernel-install', defaultEntry: { source: IMAGE, cmdline: 'quiet' } })
    const [named] = await found({ ...both, '/boot/efi/loader/loader.conf': 'default b*\n' }, ['kernel-install'])
    expect(named).toMatchObject({ id: 'systemd-boot', defaultEntry: { cmdline: 'b' } })
    const [unnamed] = await found({ ...both, ...unified({ osrel: null }) }, ['kernel-install'])
    expect(unnamed, 'its file name comes first').toMatchObject({ id: 'uki-kernel-install' })
  })

  it('are what loader.conf names by their file', async () => {
    const files = { ...ENTRIES, ...unified({ osrel: null }), ...BY_KERNEL_INSTALL }
    const conf = { '/boot/efi/loader/loader.conf': 'default token-6.12.1.efi\n' }
    expect((await found({ ...files, ...conf }, ['kernel-install']))[0]).toMatchObject({
      defaultEntry: { source: IMAGE, chosenBy: 'name' },
    })
  })

  it('may be started by the firmware alone', async () => {
    const other = { '/boot/efi/EFI/Linux/token-6.12.0.efi': unifiedText({ cmdline: 'old', uname: '6.12.0' }) }
    const files = { ...unified(), ...other, ...BY_KERNEL_INSTALL }
    const started = variable('LoaderImageIdentifier', String.raw`\EFI\LINUX\TOKEN-6.12.0.EFI`)
    expect((await found({ ...files, ...started }, ['kernel-install']))[0]).toMatchObject({
      defaultEntry: { cmdline: 'old', chosenBy: 'firmware' },
    })
    const [several] = await found(files, ['kernel-install'])
    expect(several?.defaultEntry).toEqual({ unknown: expect.stringContaining('several') as string })
  })

  it('are nobody’s where no tool says that it makes them, and are not changed then', async () => {
    const foreign: [Record<string, string>, string[]][] = [
      [{}, ['kernel-install', 'mkinitcpio']],
      [{ '/etc/kernel/install.conf': 'layout=uki\nuki_generator=dracut\n' }, ['kernel-install']],
      [{ '/etc/kernel/install.conf': 'layout=bls\n' }, ['kernel-install']],
      [{ ...BY_KERNEL_INSTALL, ...unified({ uname: '6.12.0' }) }, ['kernel-install']],
      [BY_DRACUT, ['dracut']],
    ]
    for (const [files, tools] of foreign)
      expect((await found({ ...MENU, ...unified(), ...files }, tools)).map(({ id }) => id)).toEqual(['uki-foreign'])
  })

  it('of dracut are told by its name for them, and by its setting', async () => {
    const image = { '/boot/efi/EFI/Linux/linux-6.12.1-abc.efi': unifiedText({ cmdline: 'quiet' }) }
    const setting = { '/etc/dracut.conf': 'kernel_cmdline="quiet"\n' }
    const [plain] = await found({ ...MENU, ...image, ...BY_DRACUT }, ['dracut'])
    expect(plain).toMatchObject({ id: 'uki-dracut' })
    expect(plain?.argumentsIn).toBeUndefined()
    const [set] = await found({ ...MENU, ...image, ...BY_DRACUT, ...setting }, ['dracut'])
    expect(set?.argumentsIn).toBe('/etc/dracut.conf')
  })

  it('without a command line inside have one that is not known', async () => {
    const [none] = await found({ ...MENU, ...unified({ cmdline: null }), ...BY_KERNEL_INSTALL }, ['kernel-install'])
    expect(none?.defaultEntry).toEqual({ unknown: `${IMAGE} holds no command line` })
  })
})

describe('an initramfs generator', () => {
  const TOOLS = ['update-initramfs', 'dracut']
  const BOTH = {
    '/etc/initramfs-tools/modules': '',
    '/usr/share/initramfs-tools/hook-functions': '',
    '/etc/dracut.conf.d/a.conf': '',
  }
  const found = async (files: Record<string, string>) =>
    (await bootOf({ ...GRUB, ...BOTH, ...files }, TOOLS)).initramfs.map(({ id }) => id)

  it('is dracut where update-initramfs calls it, though hooks of another lie about', async () => {
    const script = { '/usr/sbin/update-initramfs': '#!/bin/sh\nexec dracut --force --kver "$version"\n' }
    expect(await found(script)).toEqual(['dracut'])
  })

  it('is one of two where nothing tells', async () => {
    expect(await found({ '/usr/sbin/update-initramfs': '#!/bin/sh\nmkinitramfs -o "$initramfs"\n' })).toEqual([
      'initramfs-tools',
      'dracut',
    ])
  })
})
