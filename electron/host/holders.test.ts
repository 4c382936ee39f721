import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { blocksUnbind, holderNames, stopAdvice } from '#shared/facts/holder-words.ts'
import { FileReader } from './file-reader.ts'
import { findHolders, findVfioHolders } from './probe/holders.ts'

const GPU = '0000:01:00.0'
const SOUND = '0000:01:00.1'

interface Tree {
  files: Record<string, string>
  links: Record<string, string>
}

/** A real directory tree, read by the very reader that production uses. */
async function tree({ files, links }: Tree): Promise<FileReader> {
  const root = await temporaryDirectory('holders')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  for (const [path, target] of Object.entries(links)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await symlink(target, join(root, path))
  }
  return new FileReader(root)
}

function process(pid: number, name: string, uid: number, maps = ''): Record<string, string> {
  const at = `/proc/${pid}`
  return {
    [`${at}/comm`]: `${name}\n`,
    [`${at}/status`]: `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
    [`${at}/maps`]: maps,
  }
}

const DEVICES = '/sys/bus/pci/devices'
const CARD = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\ndesigner:x:1000:1000::/home/designer:/bin/sh\n',
  [`${DEVICES}/${GPU}/drm/card1/dev`]: '226:1\n',
  [`${DEVICES}/${SOUND}/sound/card2/id`]: 'HDMI\n',
  '/dev/snd/controlC2': '',
  '/dev/snd/pcmC2D3p': '',
  '/dev/nvidia0': '',
  '/dev/nvidia1': '',
  '/dev/nvidiactl': '',
  [`/proc/driver/nvidia/gpus/${GPU}/information`]: 'Model: \t x\nDevice Minor: \t 0\n',
  '/proc/driver/nvidia/gpus/0000:02:00.0/information': 'Device Minor: \t 1\n',
}
const GROUP = { [`${DEVICES}/${GPU}/iommu_group`]: '../../../../kernel/iommu_groups/14' }

describe('a holder of a card', () => {
  it('is found by descriptor and by mapping, with name and user', async () => {
    const reader = await tree({
      files: {
        ...CARD,
        ...process(912, 'Xorg', 0),
        ...process(1200, 'blender', 1000, '7f00-7f10 rw-s 00000000 00:06 312   /dev/nvidia0\n'),
        ...process(1300, 'nvidia-smi', 1000),
      },
      links: { '/proc/912/fd/7': '/dev/dri/card1', '/proc/1300/fd/3': '/dev/nvidia1' },
    })
    const { list } = await findHolders(reader, [GPU, SOUND])
    expect(holderNames(list)).toBe('blender (pid 1200, user designer), Xorg (pid 912, user root)')
    expect(list.map((holder) => holder.node)).toEqual(['/dev/nvidia0', '/dev/dri/card1'])
    expect(stopAdvice(list)).toBe('Log out of the graphical session.')
  })

  it('is a process that plays sound, and not one with an open mixer', async () => {
    const reader = await tree({
      files: { ...CARD, ...process(700, 'wireplumber', 1000) },
      links: { '/proc/700/fd/4': '/dev/snd/controlC2', '/proc/700/fd/5': '/dev/snd/pcmC2D3p' },
    })
    const { list } = await findHolders(reader, [SOUND])
    expect(list.filter(blocksUnbind).map((holder) => holder.node)).toEqual(['/dev/snd/pcmC2D3p'])
  })

  it('is a VM with the card’s group', async () => {
    const reader = await tree({
      files: { ...CARD, ...process(4000, 'qemu-system-x86', 1000) },
      links: { ...GROUP, '/proc/4000/fd/19': '/dev/vfio/14' },
    })
    expect((await findVfioHolders(reader, GPU)).list).toMatchObject([{ pid: 4000, user: 'designer' }])
  })

  it('is not ruled out unless every process could be read', async () => {
    const reader = await tree({ files: { ...CARD, ...process(1, 'init', 0) }, links: {} })
    const list = async (path: string) =>
      path === '/proc/1/fd' ? ({ kind: 'denied', why: 'EACCES' } as const) : reader.list(path)
    const read = (path: string) => reader.read(path)
    const link = (path: string) => reader.link(path)
    expect(await findHolders({ read, link, list, owner: async () => null }, [GPU])).toEqual({
      complete: false,
      list: [],
    })
  })
})
