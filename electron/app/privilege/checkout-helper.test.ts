import { spawnSync } from 'node:child_process'
import { chown, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath, getuid } from 'node:process'
import { describe, expect, it } from 'vitest'
import { librariesOf } from '#host/exec/libraries.ts'
import { sha256 } from '#host/sha256.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { type InstallHost, planInstall } from './checkout-helper.ts'
import type { Program } from './program.ts'

const ASSETS = join(import.meta.dirname, '../../../assets/linux')
/** In a mount namespace of its own: an empty /opt and /run, the script on standard input, and what is there afterwards. */
const PRIVATE = `
mount -t tmpfs tmpfs /opt && mount -t tmpfs tmpfs /run && mkdir /run/passthrough-studio
[ -z "$BEFORE" ] || sh -c "$BEFORE"
sh -s "$@"
code=$?
find /opt /run "$ACTIONS" -type f -printf '%p %m %U:%G\\n' | sort
exit $code`

/** An installation that was there before. */
const EARLIER = 'mkdir /opt/passthrough-studio; echo old > /opt/passthrough-studio/helper'

/** Where nothing but root's libraries is used; `actions` is each test's own. */
const host: InstallHost = { actions: [], libraries: () => Promise.resolve(['/bin/sh']) }

/** A checkout that was built, with a helper of its own; its `node` is a program that only root can change, unless given. */
async function checkout(node = '/bin/sh'): Promise<Program> {
  const directory = await temporaryDirectory('checkout')
  await mkdir(join(directory, 'assets'))
  await cp(ASSETS, join(directory, 'assets/linux'), { recursive: true })
  await writeFile(join(directory, 'helper.cjs'), 'the helper')
  const build = { version: '1.0.0', origin: 'checkout' as const, standIn: false, helper: sha256('the helper'), node }
  return { build, directory }
}

/** What would be installed on a host whose polkit reads this one directory. */
async function planned(program: Program): Promise<{ actions: string; plan: Awaited<ReturnType<typeof planInstall>> }> {
  const actions = await temporaryDirectory('actions')
  return { actions, plan: await planInstall(program, { ...host, actions: [join(actions, 'not-there'), actions] }) }
}

interface Run {
  script: string
  args: readonly string[]
  /** Where polkit's actions lie; looked at afterwards. */
  actions: string
  /** What happens in the namespace first, e.g. an earlier installation. */
  before?: string
}

function asRoot({ script, args, actions, before = '' }: Run): { status: number; stderr: string; files: string[] } {
  const env = { PATH: process.env['PATH'], ACTIONS: actions, BEFORE: before }
  const run = spawnSync('unshare', ['--mount', 'sh', '-c', PRIVATE, 'sh', ...args], {
    input: script,
    encoding: 'utf8',
    env,
  })
  const files = run.stdout.trim().split('\n')
  return { status: run.status ?? -1, stderr: run.stderr, files: files.filter((line) => line !== '') }
}

describe.runIf(getuid?.() === 0)('installing a checkout’s helper', () => {
  it('puts in place exactly what was shown, owned by root, and nothing else', async () => {
    const { actions, plan } = await planned(await checkout())
    const { status, stderr, files } = asRoot({ ...plan, actions })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const shown = plan.files.map(({ path, mode }) => `${path} ${mode.slice(1)} 0:0`)
    expect(shown).toHaveLength(3)
    expect(files).toEqual(shown.sort())
  })

  it('copies a Node that a user could change, and runs one in place that only root can', async () => {
    const directory = await temporaryDirectory('node')
    await cp(execPath, join(directory, 'node'))
    await chown(join(directory, 'node'), 1000, 1000)
    const { files } = (await planned(await checkout(join(directory, 'node')))).plan
    expect(files.map(({ path }) => path)).toContain('/opt/passthrough-studio/node')
    expect(files.find(({ path }) => path.endsWith('/helper'))?.text).toContain('exec /opt/passthrough-studio/node ')
    const inPlace = (await planned(await checkout('/bin/sh'))).plan
    expect(inPlace.files.map(({ path }) => path)).not.toContain('/opt/passthrough-studio/node')
  })

  it('installs no helper of another build than this program’s', async () => {
    const program = await checkout()
    await writeFile(join(program.directory, 'helper.cjs'), 'a newer helper')
    await expect(planInstall(program, host)).rejects.toMatchObject({ problem: { code: 'conflict' } })
  })

  it('says what to do when the Node it was built with is gone', async () => {
    await expect(planInstall(await checkout('/nowhere/node'), host)).rejects.toMatchObject({
      problem: { code: 'internal', hint: 'Run npm run build in the checkout.' },
    })
  })

  it('installs nothing when a file has changed since it was shown, and leaves what was there', async () => {
    const program = await checkout()
    const { actions, plan } = await planned(program)
    await writeFile(join(program.directory, 'helper.cjs'), 'something else')
    const { status, stderr, files } = asRoot({ ...plan, actions, before: EARLIER })
    expect(status).toBe(1)
    expect(stderr).toContain('has changed since it was shown')
    expect(files).toEqual(['/opt/passthrough-studio/helper 644 0:0'])
  })

  it('runs no Node whose libraries a user can change, not even as a copy', async () => {
    const library = join(await temporaryDirectory('library'), 'libnode.so')
    await writeFile(library, '')
    await chown(library, 1000, 1000)
    const foreign = { ...host, libraries: () => Promise.resolve(['/bin/sh', library]) }
    await expect(planInstall(await checkout(), foreign)).rejects.toMatchObject({
      problem: { code: 'refused', message: expect.stringContaining(library) as string },
    })
  })

  it('finds the libraries of the Node that runs this test, its loader among them', async () => {
    expect((await librariesOf(execPath)).join(' ')).toMatch(/ld-linux\S*\.so.*libc\.so|libc\.so.*ld-linux/u)
  })

  it('installs nothing below an /opt in which others than root may rename files', async () => {
    const { actions, plan } = await planned(await checkout())
    for (const before of ['chown 1000 /opt', 'chmod 777 /opt']) {
      const { status, stderr, files } = asRoot({ ...plan, actions, before })
      expect(status, before).toBe(1)
      expect(stderr).toContain('/opt can be changed by others than root')
      expect(files).toEqual([])
    }
  })

  it('does not update while a new network waits for it', async () => {
    const { actions, plan } = await planned(await checkout())
    const before = `${EARLIER}; echo {} > /run/passthrough-studio/network-guard.json`
    const { status, files } = asRoot({ ...plan, actions, before })
    expect(status).toBe(1)
    expect(files).toContain('/opt/passthrough-studio/helper 644 0:0')
  })

  it('leaves no copy of a file of root’s that a link leads to', async () => {
    const program = await checkout()
    const { actions, plan } = await planned(program)
    await rm(join(program.directory, 'helper.cjs'))
    await symlink('/etc/shadow', join(program.directory, 'helper.cjs'))
    expect(asRoot({ ...plan, actions })).toMatchObject({ status: 1, files: [] })
  })

  it('removes everything, but not while a new network waits for it', async () => {
    const { actions, plan } = await planned(await checkout())
    const policy = join(actions, 'x.policy')
    await writeFile(policy, 'an action')
    const remove = { script: plan.script, args: ['remove', policy, '/nowhere/x.policy'], actions, before: EARLIER }
    const waiting = `${EARLIER}; echo {} > /run/passthrough-studio/network-guard.json`
    const { status, stderr, files } = asRoot({ ...remove, before: waiting })
    expect(status).toBe(1)
    expect(stderr).toContain('A new network waits')
    expect(files).toContain('/opt/passthrough-studio/helper 644 0:0')
    expect(asRoot(remove)).toMatchObject({ status: 0, files: [] })
  })

  it('names action and path apart from a package’s, which can be installed beside it', async () => {
    const { plan } = await planned(await checkout())
    const policy = plan.files.find(({ path }) => path.endsWith('.policy'))?.text
    expect(policy).toContain('"org.passthrough-studio.checkout.apply-boot"')
    expect(policy).toContain('>/opt/passthrough-studio/helper<')
    expect(policy).not.toContain('/usr/libexec')
  })

  it('goes without an action of its own where polkit’s directories are read-only, and says so', async () => {
    const plan = await planInstall(await checkout(), { ...host, actions: ['/nowhere'] })
    expect(plan.files.map(({ path }) => path).filter((path) => path.endsWith('.policy'))).toEqual([])
    expect(plan.asks).toContain('cannot be written')
    expect(plan.args[1]).toBe('')
  })
})
