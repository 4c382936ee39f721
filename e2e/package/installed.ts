import { copyFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import type { LinuxRoot } from './linux-root.ts'
import { withWindow } from './window.ts'

const LIB = '/usr/lib/passthrough-studio'
const PROFILE = '/etc/apparmor.d/passthrough-studio'
/** Who works here: no administrator. */
const DESIGNER = { id: '1000:1000', home: '/home/designer' }
const AS_DESIGNER = { user: DESIGNER.id, env: { HOME: DESIGNER.home } }
const APT = ['apt-get', '--yes', '--no-install-recommends']

/** Runs a program that has to succeed, and returns what it printed. */
async function must(root: LinuxRoot, ...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await root.run(words)
  expect(exitCode, `${words.join(' ')}\n${stdout}\n${stderr}`).toBe(0)
  return stdout
}

/** As an administrator would install a file from a download; AppArmor is there before it, as on Ubuntu. */
export async function install(root: LinuxRoot, deb: string): Promise<void> {
  await copyFile(deb, root.at('tmp/studio.deb'))
  await must(root, 'apt-get', 'update')
  await must(root, ...APT, 'install', 'apparmor')
  await must(root, ...APT, 'install', '/tmp/studio.deb')
  expect(await must(root, 'dpkg', '--verify', 'passthrough-studio')).toBe('')
  await must(root, 'useradd', '--create-home', '--uid', '1000', '--user-group', 'designer')
}

/** Each program finds every library it is linked to. */
export async function expectLibraries(root: LinuxRoot): Promise<void> {
  const names = ['passthrough-studio', 'node', 'chrome-sandbox', 'chrome_crashpad_handler']
  const said = await must(root, 'ldd', ...names.map((name) => `${LIB}/${name}`))
  expect(said).toContain('libc.so.6')
  expect(said).not.toContain('not found')
}

/** The helper answers root; the command line answers an ordinary user. */
export async function expectAnswers(root: LinuxRoot): Promise<void> {
  const helper = await root.run(['/usr/libexec/passthrough-studio/helper', 'read-closed'], {
    input: '{"id":1,"kind":"read-closed"}\n',
  })
  expect(helper).toMatchObject({ exitCode: 0, stderr: '' })
  expect(helper.stdout.split('\n').at(-1)).toBe('{"id":1,"kind":"result","notes":[]}')
  const doctor = await root.run(['passthrough-studio', 'doctor', '--host', 'paper'], AS_DESIGNER)
  expect(doctor, 'not all is well on the simulated workstation').toMatchObject({ exitCode: 1, stderr: '' })
  expect(doctor.stdout.split('\n').map((line) => line.slice(0, 3))).toEqual(
    ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((number) => `${number}  `),
  )
  const version = await root.run(['passthrough-studio', 'version'], AS_DESIGNER)
  expect(version.stdout).toMatch(/^passthrough-studio \d+\.\d+\.\d+~standin$/u)
}

/** Where no window can open, the launcher says what to do instead; without its sandbox it opens none. */
export async function expectNoWindow(root: LinuxRoot): Promise<void> {
  const asRoot = await root.run(['passthrough-studio'], { env: { DISPLAY: ':99' } })
  expect(asRoot).toMatchObject({ exitCode: 2, stdout: '' })
  expect(asRoot.stderr).toContain('Start it as an ordinary user')
  const undisplayed = await root.run(['passthrough-studio'], AS_DESIGNER)
  expect(undisplayed).toMatchObject({ exitCode: 2, stdout: '' })
  expect(undisplayed.stderr).toContain('Start it in a graphical session')
  const unprotected = await root.run(['passthrough-studio', '--no-sandbox'], AS_DESIGNER)
  expect(unprotected).toMatchObject({ exitCode: 2, stdout: '' })
  expect(unprotected.stderr).toContain('does not open without its sandbox')
}

/** The page's process is filtered and sees no other; a chroot has no user namespaces, so the setuid sandbox does it. */
export async function expectWindow(root: LinuxRoot, picture: string): Promise<void> {
  await withWindow(root, DESIGNER, async ({ studio, processes }) => {
    await studio.camera.take(picture)
    const [main] = processes
    const renderers = processes.filter(({ words }) => words.includes('--type=renderer'))
    expect(renderers).not.toEqual([])
    expect(renderers.filter(({ seccomp }) => seccomp !== 2)).toEqual([])
    expect(renderers.filter(({ pidNamespace }) => pidNamespace === main?.pidNamespace)).toEqual([])
    expect(processes.filter(({ words }) => words.includes('--no-sandbox'))).toEqual([])
    expect(studio.complaints).toEqual([])
  })
}

/**
 * The profile is where AppArmor reads it if its parser takes it, and is not there if it does not: one that cannot be
 * read would fail AppArmor's service at each boot.
 */
export async function expectProfile(root: LinuxRoot, taken: boolean): Promise<void> {
  const parsed = await root.run(['apparmor_parser', '-Q', '-K', '/usr/share/passthrough-studio/apparmor-profile'])
  expect(parsed.exitCode === 0, parsed.stderr).toBe(taken)
  expect(root.has(PROFILE)).toBe(taken)
  if (taken) await must(root, 'apparmor_parser', '-Q', '-K', PROFILE)
}

/** What has the program's name, but for a user's own choices and what ends with the next boot. */
export function namesakes(root: LinuxRoot): Promise<string> {
  const elsewhere = ['/home', '/run'].flatMap((path) => ['-path', path, '-prune', '-o'])
  return must(root, 'find', '/', '-xdev', ...elsewhere, '-iname', '*passthrough*', '-print')
}

export async function purge(root: LinuxRoot): Promise<void> {
  await must(root, ...APT, 'purge', 'passthrough-studio')
  expect(root.has(PROFILE)).toBe(false)
}
