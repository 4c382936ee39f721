import { chmod, chown, mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { problemOf } from '#shared/base/problem.ts'
import { RealSystem } from '../real-system.ts'
import { assertPlaced } from './placed.ts'

const asRoot = getuid?.() === 0
const PLACE = { directory: '/data/vms', mount: '/data' }
const IMAGE = '/data/vms/passthrough-studio/designer/disk.qcow2'
const MOUNTS = '/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /data ext4 rw 0 0\n'

/** What is said of an image at a place once something was done to it; null: it may be made. */
async function said(
  prepare: (at: (path: string) => string) => Promise<unknown>,
  path = IMAGE,
  place = PLACE,
): Promise<string | null> {
  const root = await rootDirectory()
  const at = (inside: string) => join(root, inside)
  await mkdir(at('/data/vms'), { recursive: true })
  await mkdir(at('/proc/self'), { recursive: true })
  await writeFile(at('/proc/self/mounts'), MOUNTS)
  await prepare(at)
  return assertPlaced(new RealSystem(root), path, place).then(
    () => null,
    (thrown: unknown) => problemOf(thrown).message,
  )
}

const nothing = () => Promise.resolve()

describe.runIf(asRoot)('an image at a place of the admin’s', () => {
  it('may be made where all directories are root’s alone', async () => {
    expect(await said(nothing)).toBeNull()
  })

  it('is not led elsewhere by a link that a user has put on the way', async () => {
    const linked = await said(async (at) => {
      await rename(at('/data/vms'), at('/data/real'))
      await symlink('/etc', at('/data/vms'))
    })
    expect(linked).toBe(`${IMAGE} is not made: /data/vms is a symbolic link.`)
  })

  it('is not made where a user could put a link, whichever directory on the way it is', async () => {
    for (const way of ['/data', '/data/vms'])
      expect(await said((at) => chown(at(way), USER.uid, USER.gid))).toContain(`${way} does not belong to root`)
  })

  it.each([
    ['others', 0o777],
    ['others, each their own', 0o1777],
    ['its group, or whom an access control list lets', 0o775],
  ])('is not made where %s may write', async (_who, mode) => {
    for (const way of ['/data', '/data/vms'])
      expect(await said((at) => chmod(at(way), mode))).toContain(`${way} may be written to by others than root`)
  })

  it('is not made where nothing is, nor in what is no directory', async () => {
    const gone = { directory: '/data/gone', mount: '/data' }
    const there = '/data/gone/passthrough-studio/designer/disk.qcow2'
    expect(await said(nothing, there, gone)).toContain('/data/gone is not there')
    expect(await said((at) => writeFile(at('/data/gone'), ''), there, gone)).toContain('/data/gone is no directory')
  })

  it('is not made in a mount point whose disk is not mounted', async () => {
    const empty = await said((at) => writeFile(at('/proc/self/mounts'), '/dev/sda1 / ext4 rw 0 0\n'))
    expect(empty).toContain('is on what is mounted at /data, and /data/vms is not')
    expect(await said((at) => writeFile(at('/proc/self/mounts'), ''))).toContain('cannot be read')
  })

  it.each([
    '/data/vms/passthrough-studio/designer/vm.json',
    '/data/vms/designer/disk.qcow2',
    '/data/vms/passthrough-studio/../disk.qcow2',
    '/data/vms/passthrough-studio/../../../etc/passthrough-studio/designer/disk.qcow2',
    '/data/passthrough-studio/designer/disk.qcow2',
    '/data/vms/passthrough-studio/lock/disk.qcow2',
    '/data/vms/passthrough-studio/De signer/disk.qcow2',
  ])('is not %s', async (path) => {
    expect(await said(nothing, path)).toBe(`${path} is not made: it is no disk of a VM in /data/vms.`)
  })
})
