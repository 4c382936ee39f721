import { describe, expect, it } from 'vitest'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { commandKey } from '#host/recorded/recording.ts'
import { type Description, recordingOf } from '#host/simulated/description.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { gatherBoot } from './boot.ts'

const STAMP = { bytes: 40_000_000, modified: '2026-11-01T10:00:00.000Z' }
const BUILT = 'init\nscripts/init-top/passthrough-studio\nkernel/drivers/vfio/pci/vfio-pci.ko\n'
const HOLDS = { rule: 'runs', vfioPci: true }
const RULE = { [OWN_FILES.initramfsInitTop]: 'claim 0000:04:00.0\n' }
const DEFAULTS = { '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' }

function menu(linux: string, initrd: string): Record<string, string> {
  return { '/boot/grub/grub.cfg': `set default="0"\nmenuentry 'A' {\n\tlinux ${linux} root=/dev/a\n${initrd}}\n` }
}

/** A machine on which these images are to be seen, and listed as `listing`. */
async function nextOf(
  files: Description['files'],
  images: readonly string[],
  { tools = ['update-grub', 'lsinitramfs'], listing = BUILT }: { tools?: string[]; listing?: string } = {},
): Promise<Facts['boot']['nextImage']> {
  const recording = recordingOf({ ...PAPER_WORKSTATION, files, tools, dirs: {} })
  for (const path of images) {
    recording.stamps[path] = STAMP
    const answer = { exitCode: 0, stdout: listing, stderr: '' }
    if (tools.includes('lsinitramfs')) recording.commands[commandKey('lsinitramfs', [path])] = answer
  }
  return (await gatherBoot(new RecordedHost(recording))).nextImage
}

describe('the image that boots next', () => {
  it('is not looked at where no rule is written', async () => {
    const files = { ...DEFAULTS, ...menu('/boot/vmlinuz', '\tinitrd /boot/initrd.img\n') }
    expect(await nextOf(files, ['/boot/initrd.img'])).toBeNull()
  })

  it.each([
    ['on the root filesystem', '\tinitrd /boot/initrd.img\n', '/boot/initrd.img'],
    ['on a partition of its own', '\tinitrd /initrd.img\n', '/boot/initrd.img'],
    ['in a subvolume', '\tinitrd /@rootfs/boot/initrd.img\n', '/boot/initrd.img'],
    ['behind microcode', '\tinitrd /boot/intel-ucode.img /boot/initrd.img\n', '/boot/initrd.img'],
    ['behind the device and before a variable', '\tinitrd ($root)/initrd.img $tuned_initrd\n', '/boot/initrd.img'],
  ])('is found %s', async (_where, initrd, path) => {
    const found = await nextOf({ ...DEFAULTS, ...RULE, ...menu('/boot/vmlinuz', initrd) }, ['/boot/initrd.img'])
    expect(found).toEqual({ path, stamp: STAMP, sinceBoot: null, contents: HOLDS })
  })

  it('is that of the entry which systemd-boot takes', async () => {
    const files = {
      ...RULE,
      '/boot/efi/loader/loader.conf': 'default b.conf\n',
      '/boot/efi/loader/entries/a.conf': 'title A\nlinux /a/linux\ninitrd /a/initrd\n',
      '/boot/efi/loader/entries/b.conf': 'title B\nlinux /b/linux\ninitrd /b/initrd\n',
    }
    const found = await nextOf(files, ['/boot/efi/a/initrd', '/boot/efi/b/initrd'], { tools: ['lsinitramfs'] })
    expect(found).toMatchObject({ path: '/boot/efi/b/initrd', contents: HOLDS })
  })

  it('was there before this boot, or was built since', async () => {
    const files = { ...DEFAULTS, ...RULE, ...menu('/boot/vmlinuz', '\tinitrd /boot/initrd.img\n') }
    const began = Date.parse(STAMP.modified) / 1000
    const since = async (btime: number) =>
      (await nextOf({ ...files, '/proc/stat': `cpu 0\nbtime ${btime}\n` }, ['/boot/initrd.img']))?.sinceBoot
    expect(await since(began + 10)).toBe(true)
    expect(await since(began - 10)).toBe(false)
  })

  it('is unknown, with the reason, where it cannot be found, seen or listed', async () => {
    const files = { ...DEFAULTS, ...RULE, ...menu('/boot/vmlinuz', '\tinitrd /boot/initrd.img\n') }
    const reason = async (...args: Parameters<typeof nextOf>) => (await nextOf(...args))?.contents
    expect(await reason({ ...DEFAULTS, ...RULE, ...menu('/boot/vmlinuz', '') }, [])).toEqual({
      unknown: expect.stringContaining('names no initramfs') as string,
    })
    expect(await reason(files, [])).toEqual({
      unknown: expect.stringContaining('is not where it can be seen') as string,
    })
    expect(await reason(files, ['/boot/initrd.img'], { tools: ['update-grub'] })).toEqual({
      unknown: 'no tool is installed that lists initramfs images',
    })
    expect(await reason(files, ['/boot/initrd.img'], { listing: '' })).toEqual({
      unknown: 'lsinitramfs lists no initramfs in it',
    })
  })
})
