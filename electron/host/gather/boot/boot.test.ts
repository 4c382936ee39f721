import { describe, expect, it } from 'vitest'
import { RecordedHost } from '#host/recorded/recorded.ts'
import type { Recording } from '#host/recorded/recording.ts'
import { type Description, recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
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

  it('has an unknown default when an entry may not be read, or a unified image may come first', async () => {
    const hidden = await entryOf({}, (recording) => {
      recording.files['/boot/efi/loader/entries/a.conf'] = { denied: 'EACCES' }
    })
    expect(hidden).toEqual({ unknown: expect.stringContaining('a.conf') as string })
    const unified = { '/boot/efi/loader/loader.conf': 'timeout 3\n', '/boot/efi/EFI/Linux/x.efi': 'stub' }
    expect(await entryOf(unified)).toEqual({ unknown: expect.stringContaining('unified') as string })
  })
})

describe('initramfs generators', () => {
  it('are both named when both are installed', async () => {
    const { initramfs } = await bootOf(
      { '/etc/mkinitcpio.conf': 'MODULES=()\n' },
      ['mkinitcpio', 'dracut'],
      (recording) => {
        recording.dirs['/etc/dracut.conf.d'] = []
      },
    )
    expect(initramfs.map(({ id, dropIns }) => [id, dropIns])).toEqual([
      ['dracut', true],
      ['mkinitcpio', false],
    ])
  })
})

describe('an unknown boot chain', () => {
  it('gives no loader and no image', async () => {
    expect(await bootOf({}, [])).toMatchObject({ loaders: [], initramfs: [], images: [] })
  })
})

describe('mkinitcpio', () => {
  const conf = { ...GRUB, '/etc/mkinitcpio.conf': 'MODULES=()\nHOOKS=(base udev)\n' }
  const read = async (preset: string | null) => {
    const presets = preset === null ? {} : { '/etc/mkinitcpio.d/linux.preset': preset }
    const { initramfs } = await bootOf({ ...conf, ...presets }, ['grub-mkconfig', 'mkinitcpio'], (recording) => {
      recording.dirs['/etc/mkinitcpio.conf.d'] = []
    })
    return initramfs[0]
  }

  it.each([
    ['no preset', null, true, []],
    ['one that names no configuration', '#ALL_config="/etc/mkinitcpio.conf"\nALL_kver="/boot/vmlinuz"\n', true, []],
    ['one that names the usual one for all', 'ALL_config="/etc/mkinitcpio.conf"\n', false, []],
    ['one that names it for an image', "default_config='/etc/mkinitcpio.conf'\n", false, []],
    ['one that names another', 'default_config=/etc/office.conf\n', false, ['/etc/office.conf']],
  ])('goes by its drop-ins or not, as presets say: %s', async (_what, preset, dropIns, elsewhere) => {
    expect(await read(preset)).toMatchObject({ id: 'mkinitcpio', dropIns, elsewhere })
  })
})
