import { chmod, chown, lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid, umask } from 'node:process'
import { describe, expect, it } from 'vitest'
import { asUser, rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { problemOf } from '#shared/base/problem.ts'
import { RealSystem } from '../real-system.ts'
import { assertNoSymlink } from './paths.ts'

const asRoot = getuid?.() === 0
const ROOTS = { mode: 0o700, uid: 0, gid: 0 }
const THEIRS = { ...USER, mode: 0o700 }
const GUARD = `${RUN_DIRECTORY}/guard`

/** What is refused of making a directory at the guard's place once something else was done there. */
async function refusalAfter(prepare: (at: string) => Promise<unknown>, wanted = ROOTS): Promise<string> {
  const root = await rootDirectory()
  await mkdir(join(root, RUN_DIRECTORY), { recursive: true })
  await prepare(join(root, GUARD))
  const thrown: unknown = await new RealSystem(root).makeDirectory(GUARD, wanted).catch((reason: unknown) => reason)
  const { code, message, hint } = problemOf(thrown)
  expect(code).toBe('refused')
  expect(hint).not.toBeNull()
  return message
}

describe.runIf(asRoot)('a directory that root makes', () => {
  it('gets its owner and mode, whatever the umask', async () => {
    const root = await rootDirectory()
    const system = new RealSystem(root)
    const before = umask(0o077)
    try {
      await system.makeDirectory('/run', { ...ROOTS, mode: 0o755 })
      await system.makeDirectory('/run/theirs', THEIRS)
    } finally {
      umask(before)
    }
    expect(await system.state('/run')).toMatchObject({ mode: 0o755, uid: 0, kind: 'directory' })
    expect(await system.state('/run/theirs')).toMatchObject({ mode: 0o700, uid: USER.uid, gid: USER.gid })
  })

  it('is refused where another user has one already, and nothing is put into it', async () => {
    const root = await rootDirectory()
    await mkdir(join(root, RUN_DIRECTORY), { recursive: true })
    // As earlier versions left it for a VM of that name.
    await mkdir(join(root, GUARD), { mode: 0o700 })
    await chown(join(root, GUARD), USER.uid, USER.gid)
    await expect(new RealSystem(root).makeDirectory(GUARD, ROOTS)).rejects.toThrow(
      `${GUARD} is not used: it belongs to uid 1000.`,
    )
    expect(await readdir(join(root, GUARD))).toEqual([])
  })

  it('is refused where a file or link is there, and has no wider mode than asked', async () => {
    expect(await refusalAfter((at) => symlink('/etc', at))).toContain('is a symbolic link')
    expect(await refusalAfter((at) => writeFile(at, ''))).toContain('it is a file')
    const open = async (at: string) => {
      await mkdir(at)
      await chmod(at, 0o777)
    }
    expect(await refusalAfter(open)).toContain('its mode is 0777, not 0700')
    const ofAnother = async (at: string) => {
      await mkdir(at)
      await chown(at, 1001, 1001)
    }
    expect(await refusalAfter(ofAnother, THEIRS)).toContain('it belongs to uid 1001')
  })

  it('is given to its owner where that was interrupted half-way', async () => {
    const root = await rootDirectory()
    await mkdir(join(root, RUN_DIRECTORY), { recursive: true })
    await mkdir(join(root, GUARD), { mode: 0o700 })
    await new RealSystem(root).makeDirectory(GUARD, THEIRS)
    expect(await lstat(join(root, GUARD))).toMatchObject({ uid: USER.uid })
  })

  it('is not made where another user may replace a directory above it', async () => {
    const root = await rootDirectory()
    const system = new RealSystem(root)
    await mkdir(join(root, 'run'))
    await chmod(join(root, 'run'), 0o777)
    await expect(system.makeDirectory(RUN_DIRECTORY, ROOTS)).rejects.toThrow('others than root may write to /run')
    // What that is about: it needs no more than this.
    expect(asUser(root, 'mkdir run/passthrough-studio')).toBe(0)
    await chmod(join(root, 'run'), 0o755)
    expect(asUser(root, 'mkdir run/other')).not.toBe(0)
    await expect(system.makeDirectory(RUN_DIRECTORY, ROOTS)).rejects.toThrow('it belongs to uid 1000')
  })
})

describe.runIf(asRoot)('a path that root writes', () => {
  it('lies below no directory writable by others, unless sticky or of group root', async () => {
    const root = await rootDirectory({ '/etc/default/grub': '' })
    const system = new RealSystem(root)
    const allowed = async (mode: number, gid: number) => {
      await chown(join(root, 'etc/default'), 0, gid)
      await chmod(join(root, 'etc/default'), mode)
      return assertNoSymlink(system, '/etc/default/grub').then(
        () => true,
        () => false,
      )
    }
    expect(await allowed(0o755, 0)).toBe(true)
    expect(await allowed(0o775, 0)).toBe(true)
    expect(await allowed(0o1777, 0)).toBe(true)
    expect(await allowed(0o777, 0)).toBe(false)
    expect(await allowed(0o775, USER.gid)).toBe(false)
  })
})
