import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, chown, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getuid, kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { asUser, rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { RealHost } from '#host/real/real.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { makePlace } from '#host/temporary-place.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { VmProcess } from './life.ts'

const VM = { name: 'designer', profile: 'linux' } as const
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A VM's directory of the user's, and root's look at that VM. */
async function usersVm() {
  const root = await rootDirectory({ '/etc/shadow': 'root:secret\n' })
  const run = join(root, 'run')
  await mkdir(run, { mode: 0o755 })
  await chown(run, USER.uid, USER.gid)
  const paths = { ...vmPaths(VM.name, run), script: join(root, 'start-vm.sh') }
  const life = new VmProcess(new RealHost(), 1000, { of: () => paths, look: async () => paths })
  return { root, run, paths, life }
}

/** A shell that says it runs a VM's script, with a child called as QEMU is. Returns both process ids. */
async function shellWithQemu(directory: string, script: string, user: { uid: number; gid: number } | null) {
  const qemu = join(await temporaryDirectory('qemu'), 'qemu-system-x86')
  await chmod(dirname(qemu), 0o755)
  await writeFile(qemu, await readFile('/bin/sleep'), { mode: 0o755 })
  const words = ['-c', `${qemu} 600 & echo $! > ${directory}/child; wait`, script]
  const shell = spawn('/bin/sh', words, { stdio: 'ignore', ...user })
  children.push(shell)
  const noted = async () => Number(await readFile(join(directory, 'child'), 'utf8').catch(() => '0'))
  while ((await noted()) === 0) await sleep(20)
  const child = await noted()
  while (!(await readFile(`/proc/${child}/comm`, 'utf8')).startsWith('qemu')) await sleep(20)
  return { shell: shell.pid ?? 0, child }
}

async function isThere(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /u.test(stat)
}

describe.runIf(getuid?.() === 0)('a VM of a user that root forces off', () => {
  it('is recorded without writing through links of that user', async () => {
    const { root, run, paths, life } = await usersVm()
    const shadow = join(root, '/etc/shadow')
    expect(asUser(run, `ln -s ${shadow} forced`)).toBe(0)
    await life.noteForced(VM)
    expect(await readFile(shadow, 'utf8')).toBe('root:secret\n')
    expect(asUser(run, 'rm forced')).toBe(0)
    await life.noteForced(VM)
    expect(await lstat(paths.forced)).toMatchObject({ uid: USER.uid, size: 0 })
    expect(await life.ended(VM)).toEqual({ detail: 'It was forced off.', error: null })
  })

  it('has its QEMU ended, and no other process that its user wrote down', async () => {
    const { root, run, paths, life } = await usersVm()
    const theirs = await shellWithQemu(run, paths.script, USER)
    await writeFile(paths.started, `${theirs.shell} 1700000000\n`)
    await life.kill(VM)
    while (await isThere(theirs.child)) await sleep(20)
    const roots = await shellWithQemu(root, paths.script, null)
    await writeFile(paths.started, `${roots.shell} 1700000000\n`)
    await expect(life.kill(VM)).rejects.toThrow('cannot be ended')
    expect(await isThere(roots.child)).toBe(true)
    kill(roots.child, 'SIGKILL')
  })
})

describe.runIf(getuid?.() === 0)('a directory that root lends a user', () => {
  it('is removed with the files in it', async () => {
    const place = await makePlace(USER)
    expect(asUser(place.directory, 'touch a b && mkfifo c && ln -s /etc/passwd d')).toBe(0)
    expect(asUser(dirname(place.directory), 'mv run gone')).not.toBe(0)
    await place.remove()
    await expect(lstat(dirname(place.directory))).rejects.toThrow('ENOENT')
    expect((await lstat('/etc/passwd')).isFile()).toBe(true)
  })

  it('is removed although a program that was told to end still writes to it', async () => {
    const place = await makePlace(USER)
    const writes = 'i=0; while [ $i -lt 1500 ]; do i=$((i+1)); : > late-$i; done'
    children.push(spawn('/bin/sh', ['-c', writes], { cwd: place.directory, ...USER, stdio: 'ignore' }))
    while ((await readdir(place.directory)).length === 0) await sleep(1)
    await place.remove()
    await expect(lstat(dirname(place.directory))).rejects.toThrow('ENOENT')
  })

  it('is left in place where it has a directory in it', async () => {
    const kept = await temporaryDirectory('kept')
    for (let number = 0; number < 50; number += 1) await writeFile(join(kept, `file-${number}`), '')
    const place = await makePlace(USER)
    await mkdir(join(place.directory, 'sub'))
    await chown(join(place.directory, 'sub'), USER.uid, USER.gid)
    const swaps = `while [ -e . ]; do rm -rf sub; ln -s ${kept} sub; rm -f sub; mkdir -p sub; touch sub/file-1; done`
    const attacker = spawn('/bin/sh', ['-c', swaps], { cwd: place.directory, ...USER, stdio: 'ignore' })
    children.push(attacker)
    await sleep(200)
    await place.remove()
    attacker.kill('SIGKILL')
    expect(await readdir(kept)).toHaveLength(50)
  })

  it('is removed with all that is in it where it is this user’s alone', async () => {
    const place = await makePlace(null)
    await mkdir(join(place.directory, 'sub'))
    await symlink('/etc', join(place.directory, 'sub/link'))
    await place.remove()
    await expect(lstat(dirname(place.directory))).rejects.toThrow('ENOENT')
    expect((await lstat('/etc')).isDirectory()).toBe(true)
  })
})
