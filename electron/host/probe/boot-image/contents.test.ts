import { describe, expect, it } from 'vitest'
import { ProblemError } from '#shared/base/problem.ts'
import type { Tool } from '#shared/base/system.ts'
import { contentsOf, imageContents } from './contents.ts'

/** As lsinitramfs prints: paths alone. */
const PATHS = ['.', 'bin', 'bin/sh', 'init', 'scripts/init-top/ORDER', 'usr/lib/modules/6.1.0/kernel/fs/ext4/ext4.ko']
/** As lsinitrd does: a head, and what `ls -l` says. */
const LONG = [
  'Image: /boot/initramfs-6.9.7-200.fc40.x86_64.img: 38M',
  'Version: dracut-059',
  'lrwxrwxrwx   1 root     root           23 Jan  1  1970 init -> usr/lib/systemd/systemd',
  '-rwxr-xr-x   1 root     root       100016 Jan  1  1970 usr/lib/systemd/systemd',
]
const FILE = '-rw-r--r--   1 root     root         4096 Jan  1  1970 '
const RULE = 'etc/passthrough-studio/early-bind'
const MODULE = 'usr/lib/modules/6.9.7/kernel/drivers/vfio/pci/vfio-pci.ko.xz'

const of = (...lines: string[]) => contentsOf(`${lines.join('\n')}\n`)

describe('an initramfs image', () => {
  it('of initramfs-tools runs all of init-top', () => {
    expect(of(...PATHS)).toEqual({ rule: 'missing', vfioPci: false })
    const built = [
      ...PATHS,
      'scripts/init-top/passthrough-studio',
      'lib/modules/6.1.0/kernel/drivers/vfio/pci/vfio-pci.ko',
    ]
    expect(of(...built)).toEqual({ rule: 'runs', vfioPci: true })
  })

  it('of dracut runs the rule by systemd alone', () => {
    expect(of(...LONG)).toEqual({ rule: 'missing', vfioPci: false })
    expect(of(...LONG, `${FILE}${RULE}`, `${FILE}${MODULE}`)).toEqual({ rule: 'runs', vfioPci: true })
    const bare = ['lrwxrwxrwx   1 root     root            7 Jan  1  1970 init -> bin/dash', `${FILE}${RULE}`]
    expect(of(...bare)).toEqual({ rule: 'idle', vfioPci: false })
  })

  it('of mkinitcpio runs the rule by systemd or by the hook of ours', () => {
    expect(of('init', RULE)).toMatchObject({ rule: 'idle' })
    expect(of('init', RULE, 'hooks/passthrough-studio')).toMatchObject({ rule: 'runs' })
    expect(of('usr/bin/init', RULE, 'usr/lib/systemd/systemd')).toMatchObject({ rule: 'runs' })
  })

  it('with something that is only called alike does not hold the rule', () => {
    expect(of(...PATHS, 'scripts/init-top/passthrough-studio.old', `${RULE}.bak`)).toMatchObject({ rule: 'missing' })
    expect(of(...PATHS, 'usr/lib/modules/6.9.7/kernel/drivers/vfio/pci/vfio-pci-core.ko')).toMatchObject({
      vfioPci: false,
    })
  })

  it('is none without an init', () => {
    expect(of('EFI/BOOT/BOOTX64.EFI', RULE)).toBeNull()
    expect(contentsOf('')).toBeNull()
  })
})

describe('looking into an image', () => {
  const answering = (answers: Partial<Record<Tool, string | ProblemError>>) => ({
    run: async (tool: Tool) => {
      const answer = answers[tool]
      if (answer instanceof ProblemError) throw answer
      return answer === undefined ? null : { exitCode: 0, stdout: answer, stderr: '' }
    },
  })
  const failure = new ProblemError('tool-failed', 'lsinitramfs ended with exit code 1.', { hint: 'Read what it says.' })

  it('asks the next tool where one fails or finds nothing', async () => {
    const listing = `${LONG.join('\n')}\n`
    const found = { rule: 'missing', vfioPci: false }
    expect(await imageContents(answering({ lsinitramfs: failure, lsinitrd: listing }), '/boot/x')).toEqual(found)
    expect(await imageContents(answering({ lsinitramfs: '', lsinitrd: listing }), '/boot/x')).toEqual(found)
  })

  it('says why nothing is known', async () => {
    expect(await imageContents(answering({}), '/boot/x')).toEqual({
      unknown: expect.stringContaining('no tool') as string,
    })
    expect(await imageContents(answering({ lsinitramfs: failure }), '/boot/x')).toEqual({ unknown: failure.message })
    expect(await imageContents(answering({ lsinitramfs: '' }), '/boot/x')).toEqual({
      unknown: 'lsinitramfs lists no initramfs in it',
    })
  })
})
