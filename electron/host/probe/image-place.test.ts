import { describe, expect, it } from 'vitest'
import { isUnknown } from '#shared/base/unknown.ts'
import { lookAtPlace, mountOver, waysTo } from './image-place.ts'

const ROOT = '/dev/sda1 / ext4 rw,relatime 0 0\n'
const DATA = '/dev/sdb1 /data xfs rw,relatime 0 0\n'
const DIRECTORY = { kind: 'directory' as const, uid: 0, gid: 0, mode: 0o755 }

/** What is seen of /data/vms on a host with these mounts, this fstab, and these directories. */
async function seen(mounts: string, fstab: string, there = ['/data', '/data/vms']) {
  const texts: Readonly<Record<string, string>> = { '/proc/self/mounts': mounts, '/etc/fstab': fstab }
  const look = {
    read: (path: string) => Promise.resolve({ kind: 'text' as const, text: texts[path] ?? '' }),
    state: (path: string) => Promise.resolve(there.includes(path) ? DIRECTORY : null),
    freeBytes: () => Promise.resolve(7),
  }
  const place = await lookAtPlace(look, '/data/vms')
  return isUnknown(place) ? expect.fail(place.unknown) : place
}

const fstabLine = (options = 'defaults') => `# data\nUUID=1-2 /data xfs ${options} 0 2\n`

describe('a directory for disk images', () => {
  it('is seen with each directory on its way, its mount and its room', async () => {
    expect(await seen(ROOT + DATA, fstabLine())).toEqual({
      ways: [
        { path: '/data', ...DIRECTORY },
        { path: '/data/vms', ...DIRECTORY },
      ],
      mount: { point: '/data', type: 'xfs', readOnly: false },
      ...{ freeBytes: 7, unmounted: null, atBoot: true },
    })
    expect(await seen(ROOT, '', ['/data'])).toMatchObject({ ways: [{ path: '/data' }], freeBytes: null })
  })

  it('lies on the root filesystem while what fstab has at its mount point is not mounted', async () => {
    const lost = { mount: { point: '/' }, unmounted: '/data' }
    expect(await seen(ROOT, fstabLine())).toMatchObject(lost)
    expect(await seen(ROOT, fstabLine('noauto'))).toMatchObject(lost)
    expect(await seen(ROOT, fstabLine().replace('/data', '/database'))).toMatchObject({ unmounted: null, atBoot: true })
  })

  it('is mounted at each boot by a line of fstab only, unless that leaves it out', async () => {
    expect(await seen(ROOT + DATA, '')).toMatchObject({ atBoot: false, unmounted: null })
    expect(await seen(ROOT + DATA, fstabLine('rw,noauto'))).toMatchObject({ atBoot: false, unmounted: null })
  })

  it('is not known where nothing tells the mounts', async () => {
    const look = {
      read: () => Promise.resolve({ kind: 'absent' as const }),
      state: () => Promise.resolve(DIRECTORY),
      freeBytes: () => Promise.resolve(null),
    }
    expect(await lookAtPlace(look, '/data')).toEqual({ unknown: '/proc/self/mounts cannot be read' })
  })
})

describe('the filesystem over a path', () => {
  const over = (mounts: string, path: string) =>
    mountOver({ read: () => Promise.resolve({ kind: 'text' as const, text: mounts }) }, path)

  it('is the innermost, and of two at one place the later', async () => {
    expect(await over(ROOT + DATA, '/data/vms')).toMatchObject({ point: '/data' })
    expect(await over(DATA + ROOT, '/data/vms')).toMatchObject({ point: '/data' })
    expect(await over(ROOT + DATA, '/database')).toMatchObject({ point: '/' })
    const again = `${ROOT}${DATA}none /data tmpfs ro,size=1g 0 0\n`
    expect(await over(again, '/data')).toEqual({ point: '/data', type: 'tmpfs', readOnly: true })
  })

  it('is found by its own name where that is written with escapes', async () => {
    expect(await over(`${ROOT}/dev/sdc1 /mnt/my\\040disk ext4 rw 0 0\n`, '/mnt/my disk/x')).toMatchObject({
      point: '/mnt/my disk',
    })
  })
})

it('the way to a directory goes from the top to itself', () => {
  expect(waysTo('/data/vms/fast')).toEqual(['/data', '/data/vms', '/data/vms/fast'])
})
