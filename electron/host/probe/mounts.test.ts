import { expect, it } from 'vitest'
import type { Reader, ReadResult } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { blockUses } from './block-uses.ts'
import { findClaims } from './claims/claims.ts'
import { findDisks } from './disks.ts'
import { findMounts, mountLinesRead } from './mounts.ts'

const SATA = '0000:00:17.0'
const DENIED = { kind: 'denied', why: 'EACCES' } as const

interface Tree {
  files?: Record<string, string | null>
  dirs?: Record<string, string[]>
  links?: Record<string, string | null>
}

/** A host with one disk that it has nothing of mounted. In a table null is what may not be read. */
function host({ files = {}, dirs = {}, links = {} }: Tree): Reader {
  const texts: Tree['files'] = {
    '/proc/self/mounts': 'proc /proc proc rw 0 0\n',
    [`/sys/bus/pci/devices/${SATA}/class`]: '0x010601\n',
    '/sys/class/block/sda/dev': '8:0\n',
    '/sys/class/block/sda/size': '1000\n',
    '/run/udev/data/b8:0': 'S:disk/by-id/ata-disk\n',
    '/run/udev/data/b8:1': 'E:ID_FS_TYPE=ext4\n',
    '/sys/class/block/sda1/dev': '8:1\n',
    ...files,
  }
  const names = {
    '/proc': ['1', '20', 'self'],
    '/sys/class/block': ['sda', 'sda1', 'dm-0'],
    '/sys/bus/pci/devices': [SATA],
    ...dirs,
  }
  const targets: Tree['links'] = {
    '/proc/self/ns/mnt': 'mnt:[1]',
    '/proc/1/ns/mnt': 'mnt:[1]',
    '/proc/20/ns/mnt': 'mnt:[1]',
    '/sys/class/block/sda': `../../devices/pci0000:00/${SATA}/ata1/block/sda`,
    '/sys/class/block/sda1': `../../devices/pci0000:00/${SATA}/ata1/block/sda/sda1`,
    '/sys/class/block/dm-0': '../../devices/virtual/block/dm-0',
    '/sys/dev/block/8:1': '../../block/sda/sda1',
    ...links,
  }
  return {
    read: async (path): Promise<ReadResult> => {
      const text = texts[path]
      if (text === null) return DENIED
      return text === undefined ? { kind: 'absent' } : { kind: 'text', text }
    },
    list: async (path) => {
      const found = Object.entries(names).find(([name]) => name === path)?.[1]
      return found === undefined ? { kind: 'absent' } : { kind: 'names', names: found }
    },
    link: async (path) => {
      const target = targets[path]
      if (target === null) return DENIED
      return target === undefined ? { kind: 'absent' } : { kind: 'target', target }
    },
    owner: async () => null,
  }
}

/** Why the only disk is not free, and what claims its controller. */
async function judged(tree: Tree) {
  const reader = host(tree)
  const [claims, disks] = [await findClaims(reader), await findDisks(reader)]
  if (isUnknown(claims) || isUnknown(disks)) throw new Error('unknown')
  return { use: disks[0]?.use ?? null, claims: claims.map(({ detail, certain }) => ({ detail, certain })) }
}

const CONTAINER = '61 60 8:1 / /srv/my\\040data rw,noatime shared:1 - ext4 /dev/named-otherwise rw\n'

it('a disk that nothing uses is free, and so is its controller', async () => {
  expect(await judged({})).toEqual({ use: null, claims: [] })
})

it('a disk mounted in another mount namespace is in use, whatever its name there', async () => {
  const detail = '/srv/my data is mounted from it in the mount namespace of process 20 (/dev/named-otherwise)'
  expect(await judged({ files: { '/proc/20/mountinfo': CONTAINER }, links: { '/proc/20/ns/mnt': 'mnt:[2]' } })).toEqual(
    {
      use: `The host needs it: ${detail}.`,
      claims: [{ detail, certain: true }],
    },
  )
})

it('a user who may not see a namespace reads the mounts of its process all the same', async () => {
  const found = await judged({ files: { '/proc/20/mountinfo': CONTAINER }, links: { '/proc/20/ns/mnt': null } })
  expect(found.use).toContain('/srv/my data is mounted from it')
})

it.each<[string, Tree, string]>([
  [
    'the mounts of one process may not be read',
    { files: { '/proc/20/mountinfo': null }, links: { '/proc/20/ns/mnt': null } },
    'the mounts of process 20 cannot be read (EACCES)',
  ],
  ['/proc hides other processes', { dirs: { '/proc': ['20', 'self'] } }, 'other processes are hidden (hidepid)'],
])('where %s no disk counts as free, and each storage controller may be needed', async (_what, tree, why) => {
  expect(await judged(tree)).toEqual({
    use: `What the host has mounted cannot be told: ${why}.`,
    claims: [{ detail: why, certain: false }],
  })
})

it('a filesystem in a namespace without a process is reported by the kernel', async () => {
  expect(await judged({ dirs: { '/sys/fs/ext4': ['features', 'sda1'] } })).toEqual({
    use: 'The host needs it: an ext4 is mounted from it (/dev/sda1).',
    claims: [{ detail: 'an ext4 is mounted from it (/dev/sda1)', certain: true }],
  })
})

it('a filesystem mounted in several namespaces is reported once', async () => {
  const reader = host({
    files: { '/proc/self/mounts': '/dev/sda1 / ext4 rw 0 0\n', '/proc/20/mountinfo': CONTAINER },
    dirs: { '/sys/fs/ext4': ['sda1'] },
    links: { '/proc/20/ns/mnt': 'mnt:[2]' },
  })
  const mounts = await findMounts(reader)
  if (isUnknown(mounts)) throw new Error(mounts.unknown)
  expect((await blockUses(reader, mounts)).map(({ what }) => what)).toEqual(['/ is mounted from it'])
})

it('a volume on a disk claims the controller before it is mounted', async () => {
  const detail = 'dm-0 of the host is built on it (/dev/sda1)'
  const found = await judged({ dirs: { '/sys/class/block/sda1/holders': ['dm-0'] } })
  expect(found.claims).toEqual([{ detail, certain: true }])
})

it('a tmpfs that a user named like a disk does not claim the disk', async () => {
  const made = '61 60 0:52 / /tmp/x rw - tmpfs /dev/sda rw\n62 60 0:53 / /tmp/y rw - fuse.x /dev/none rw\n'
  expect(await judged({ files: { '/proc/20/mountinfo': made }, links: { '/proc/20/ns/mnt': 'mnt:[2]' } })).toEqual({
    use: null,
    claims: [],
  })
})

it('the kernel’s answer decides whether a disk is free', async () => {
  const reader: Reader = { ...host({}), exclusive: async () => ({ kind: 'in-use' }) }
  expect(await findDisks(reader)).toMatchObject([
    { use: 'The kernel itself uses it, be it in another mount namespace.' },
  ])
})

it('a recording has only a process’s mounts that are on disks', () => {
  expect(mountLinesRead(`1 0 0:5 / /home/jane/secret rw - tmpfs tmpfs rw\n${CONTAINER}`)).toBe(CONTAINER)
})
