import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hostScript } from '#core/texts/host-script/host-script.ts'
import { RealSystem } from '#helper/real-system.ts'
import { asUser, rootDirectory, USER } from '#host/exec/other-user.fixture.ts'
import { FileReader } from '#host/file-reader.ts'
import { findMounts } from '#host/probe/mounts.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { VM } from './vm.fixture.ts'

const run = promisify(execFile)
const canLoop = getuid?.() === 0 && existsSync('/dev/loop-control')
const here = new RealSystem('/')

/** A disk of this host that nothing is on: a file behind a loop device. */
async function spareDisk(): Promise<{ node: string; directory: string }> {
  const directory = await temporaryDirectory('disk')
  const image = join(directory, 'image')
  await writeFile(image, '')
  await truncate(image, 16_777_216)
  await run('mke2fs', ['-q', '-t', 'ext2', image])
  const { stdout } = await run('losetup', ['--find', '--show', image])
  const node = stdout.trim()
  onTestFinished(async () => {
    await run('losetup', ['--detach', node])
  })
  return { node, directory }
}

interface Held {
  pid: number
  end: () => Promise<void>
}

/** Starts a shell that says `ready` and then waits until it is ended, at the latest by the end of the test. */
async function holding(command: string, args: readonly string[]): Promise<Held> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const end = async (): Promise<void> => {
    child.stdin.end()
    await ended
  }
  onTestFinished(end)
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('close', () => reject(new Error('it ended too early')))
  })
  return { pid: child.pid ?? 0, end }
}

interface Disk {
  node: string
  directory: string
}

/** Where and how root's script runs: the programs that it finds, and what it is run by. */
interface Place {
  programs?: string
  by?: readonly string[]
}

/** What root's script says of a VM that takes this disk; empty: it is taken, and given back. */
async function refusal({ node, directory }: Disk, { programs, by = [] }: Place = {}): Promise<string> {
  const own = join(directory, 'run')
  await mkdir(own, { recursive: true })
  const vm = { ...VM, atStart: undefined, hostSleep: 'ignores', disk: { kind: 'device', path: node } } as const
  const script = join(directory, 'host.sh')
  const text = hostScript(vm).replaceAll('/run/passthrough-studio', own)
  await writeFile(script, programs === undefined ? text : text.replace(/^PATH=.*$/mu, `PATH=${programs}`))
  const taken = await run('env', [...by, 'dash', script, 'take']).then(
    () => '',
    (thrown: unknown) => (thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : String(thrown)),
  )
  await run('dash', [script, 'end'])
  return taken
}

/** A directory of all programs of this host but the interpreters, and of those only the named ones. */
async function programsWith(directory: string, interpreters: readonly string[]): Promise<string> {
  const place = join(directory, `with-${interpreters.join('-')}`)
  await mkdir(place)
  for (const source of ['/usr/bin', '/usr/sbin']) {
    const names = (await readdir(source)).filter((name) => !/^(?:perl|python)/u.test(name))
    const wanted = [...names, ...interpreters.filter((name) => existsSync(join(source, name)))]
    for (const name of wanted) await symlink(join(source, name), join(place, name)).catch(ifThere)
  }
  return place
}

/** The same name in both directories is one program on a merged /usr. */
function ifThere(thrown: unknown): void {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
}

/** From here no other process is seen, and so no mount of another mount namespace. */
const ALONE = ['unshare', '--mount', '--pid', '--fork', '--mount-proc']

describe.skipIf(!canLoop)('a disk that only the kernel knows to be in use', () => {
  const interpreters = ['perl', 'python3'].filter((name) => existsSync(join('/usr/bin', name)))

  it.each(interpreters)('is refused, and given away afterwards, where %s asks', async (name) => {
    const disk = await spareDisk()
    const programs = await programsWith(disk.directory, [name])
    const mount = ['-c', 'mkdir "$2/m" && mount -t ext2 "$1" "$2/m" && echo ready && read line']
    const held = await holding('unshare', ['--mount', 'sh', ...mount, 'sh', disk.node, disk.directory])
    const place = { programs, by: ALONE }
    expect(await refusal(disk, place)).toBe(`host.sh: The kernel itself uses ${disk.node}.\n`)
    await held.end()
    expect(await refusal(disk, place)).toBe('')
  })

  it('is not given away unasked where neither is installed', async () => {
    const disk = await spareDisk()
    const programs = await programsWith(disk.directory, [])
    const unasked = `host.sh: Whether the kernel uses ${disk.node} cannot be asked. Install Perl or Python 3.\n`
    expect(await refusal(disk, { programs })).toBe(unasked)
  })
})

describe.skipIf(!canLoop)('a disk of this host', () => {
  it('is given to a VM while nothing uses it', async () => {
    const disk = await spareDisk()
    expect(await refusal(disk)).toBe('')
    expect(await here.exclusive(disk.node)).toEqual({ kind: 'free' })
  })

  it('is refused while it is mounted in another mount namespace', async () => {
    const disk = await spareDisk()
    const { node, directory } = disk
    const script = 'mkdir "$2/m" && mount -t ext2 "$1" "$2/m" && echo ready && read line'
    const { pid } = await holding('unshare', ['--mount', 'sh', '-c', script, 'sh', node, directory])
    expect((await run('cat', ['/proc/self/mounts'])).stdout).not.toContain(node)
    expect(await here.exclusive(node)).toEqual({ kind: 'in-use' })
    expect(await refusal(disk)).toBe(`host.sh: A mounted filesystem lies on ${node}.\n`)
    const mounts = await findMounts(new FileReader('/'))
    if (isUnknown(mounts)) throw new Error(mounts.unknown)
    expect(mounts.uses.map(({ source }) => source)).not.toContain(node)
    expect(mounts.elsewhere).toContainEqual(
      expect.objectContaining({
        source: node,
        what: `${directory}/m is mounted from it in the mount namespace of process ${pid}`,
      }),
    )
  })

  it('is refused while a process has it open, and names the process', async () => {
    const disk = await spareDisk()
    const { pid } = await holding('sh', ['-c', 'exec 7<"$1" && echo ready && read line', 'sh', disk.node])
    expect(await refusal(disk)).toBe(`host.sh: ${disk.node} is in use by sh (pid ${pid}).\n`)
  })

  it('is no disk where its node is a file', async () => {
    const { directory } = await spareDisk()
    const image = join(directory, 'image')
    expect(await here.exclusive(image)).toMatchObject({ kind: 'denied' })
    expect(await refusal({ node: image, directory })).toBe(`host.sh: ${image} is not there.\n`)
  })
})

describe.skipIf(getuid?.() !== 0)('the directory of a VM’s user', () => {
  it('cannot be replaced by that user, and what lies above it is root’s', async () => {
    const root = await rootDirectory({})
    const own = join(root, 'run')
    await mkdir(own)
    const vm = { ...VM, atStart: undefined, hostSleep: 'ignores', user: USER } as const
    const script = join(root, 'host.sh')
    await writeFile(script, hostScript(vm).replaceAll('/run/passthrough-studio', own))
    await run('dash', [script, 'take'])
    const place = join(own, 'vms/designer')
    expect(await here.state(place)).toMatchObject({ uid: USER.uid, mode: 0o700 })
    expect(asUser(join(own, 'vms'), 'touch designer/started')).toBe(0)
    const attacks = ['mv designer other', 'mkdir other', 'rm ../taken/designer', 'echo x > ../said/designer']
    for (const attack of [...attacks, 'mkdir ../guard', 'ln -s /etc ../guard', 'rm -r ../said'])
      expect(asUser(join(own, 'vms'), attack), attack).not.toBe(0)
    // What the user leaves there is not followed by root.
    expect(asUser(place, `rm -f started && ln -s ${root}/host.sh started && mkfifo exit-code`)).toBe(0)
    await run('dash', [script, 'take'])
    expect(await here.state(`${place}/started`)).toBeNull()
    expect((await here.state(script))?.kind).toBe('file')
    await run('dash', [script, 'end'])
  })
})
