import { execFileSync } from 'node:child_process'
import { chmod, chown, link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { RealSystem } from '#helper/real-system.ts'
import { asUser, rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { earlierVmPaths, vmPaths } from '#shared/vm/vm.ts'
import { makeUsersFile } from './users-file.ts'

const SECRET = 'root:$y$j9T$secret:19000::::::\n'

/** A host whose VM's directory is the user's; `at` is where that and root's secret lie. */
async function host({ run } = vmPaths('designer')) {
  const root = await rootDirectory({ '/etc/shadow': SECRET })
  await chmod(join(root, '/etc/shadow'), 0o600)
  await mkdir(join(root, run), { recursive: true, mode: 0o755 })
  await chown(join(root, run), USER.uid, USER.gid)
  return { system: new RealSystem(root), at: join(root, run), secret: join(root, '/etc/shadow') }
}

describe.runIf(getuid?.() === 0).each([
  ['this version', vmPaths('designer')],
  ['earlier ones', earlierVmPaths('designer')],
])('a user’s file in a VM’s directory of %s', (_version, paths) => {
  it('is read as its user wrote it', async () => {
    const { system, at } = await host(paths)
    expect(asUser(at, 'echo 42 1700000000 > started')).toBe(0)
    expect(await system.read(paths.started)).toEqual({ kind: 'text', text: '42 1700000000\n' })
  })

  it('is refused where it is a FIFO', async () => {
    const { system, at } = await host(paths)
    expect(asUser(at, 'mkfifo started')).toBe(0)
    expect((await system.read(paths.started)).kind).toBe('denied')
  })

  it('is refused where a link leads to a file of root’s', async () => {
    const { system, at, secret } = await host(paths)
    expect(asUser(at, `ln -s ${secret} started`)).toBe(0)
    expect((await system.read(paths.started)).kind).toBe('denied')
    // Where the kernel does not forbid it (fs.protected_hardlinks), a user can make this one too.
    await link(secret, join(at, 'exit-code'))
    expect((await system.read(paths.exit)).kind).toBe('denied')
    expect((await system.read('/etc/shadow')).kind).toBe('text')
  })

  it('is refused where it is a device', async () => {
    const { system, at } = await host(paths)
    execFileSync('mknod', [join(at, 'started'), 'c', '1', '5'])
    expect((await system.read(paths.started)).kind).toBe('denied')
  })
})

describe.runIf(getuid?.() === 0)('a VM’s log', () => {
  it('is read from a directory of root’s', async () => {
    const { log } = vmPaths('designer')
    const root = await rootDirectory({ [log]: 'words\n' })
    await chown(join(root, log), USER.uid, USER.gid)
    expect(await new RealSystem(root).read(log)).toEqual({ kind: 'text', text: 'words\n' })
  })
})

describe.runIf(getuid?.() === 0)('a file that root makes in a user’s directory', () => {
  it('is the user’s and new, and does not follow a link', async () => {
    const { system, at, secret } = await host()
    await makeUsersFile(join(at, 'forced'))
    expect(await system.state(vmPaths('designer').forced)).toMatchObject({ uid: USER.uid, kind: 'file' })
    await symlink(secret, join(at, 'again'))
    await expect(makeUsersFile(join(at, 'again'))).rejects.toThrow('EEXIST')
    await symlink(join(at, '../not-there'), join(at, 'elsewhere'))
    await expect(makeUsersFile(join(at, 'elsewhere'))).rejects.toThrow('EEXIST')
    expect(await readFile(secret, 'utf8')).toBe(SECRET)
    await writeFile(join(at, 'full'), 'kept')
    await expect(makeUsersFile(join(at, 'full'))).rejects.toThrow('EEXIST')
    expect(await readFile(join(at, 'full'), 'utf8')).toBe('kept')
  })
})
