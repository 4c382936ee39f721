import { stat } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { execa } from 'execa'
import { standInPackages } from './builder.ts'
import { LinuxRoot } from './linux-root.ts'
import { filesOf, rpmIn } from './rpm-root.ts'

const SANDBOX = '/usr/lib/passthrough-studio/chrome-sandbox'
const PROFILE = '/etc/apparmor.d/passthrough-studio'
/** What the package carries itself. */
const OWN = /^lib(ffmpeg|EGL|GLESv2|vulkan|vk_swiftshader)\.so/mu

async function asked(about: string): Promise<string> {
  const { rpm } = await standInPackages()
  return (await execa('rpm', ['-qp', about, rpm])).stdout
}

test('the rpm requires libraries by soname and polkit, and provides no library', async () => {
  const wanted = (await asked('--requires')).split('\n')
  expect(wanted).toContain('libgtk-3.so.0()(64bit)')
  expect(wanted).toContain('libnss3.so()(64bit)')
  expect(wanted).toContain('libasound.so.2()(64bit)')
  expect(wanted).toContain('libX11-xcb.so.1()(64bit)') // opened, not linked
  expect(wanted).toContain('polkit')
  expect(wanted).toContain('/usr/bin/pkexec')
  expect(wanted.join('\n')).not.toMatch(OWN)
  expect(await asked('--provides')).not.toContain('.so')
})

test('a shell can read the scripts of the rpm', async () => {
  const parts = (await asked('--scripts')).split(/^(\w+) scriptlet \(using \/bin\/sh\):$/mu).slice(1)
  const names = parts.filter((_, index) => index % 2 === 0)
  expect(names).toEqual(['postinstall', 'preuninstall', 'postuninstall'])
  for (const [index, name] of names.entries()) {
    const { exitCode, stderr } = await execa('sh', ['-n'], { input: parts[index * 2 + 1] ?? '', reject: false })
    expect({ exitCode, stderr }, name).toEqual({ exitCode: 0, stderr: '' })
  }
})

test('the rpm is installed into a small system, verified, and erased without a trace', async () => {
  const { rpm } = await standInPackages()
  // With a shell and AppArmor, so that the scripts really run. It is Debian's: no distribution of rpm's can be had
  // everywhere, so no package is there by the names this one depends on, and rpm is told not to look.
  await LinuxRoot.with('trixie', 'essential', ['apparmor'], async (root) => {
    await rpmIn(root, '--initdb')
    const before = await filesOf(root)
    expect(await rpmIn(root, '--install', '--nodeps', rpm)).not.toContain('scriptlet failed')
    expect(await rpmIn(root, '--verify', '--nodeps', 'passthrough-studio')).toBe('')
    expect((await stat(root.at(SANDBOX))).mode & 0o7777).toBe(0o4755)
    expect(root.has(PROFILE)).toBe(true)
    expect(await rpmIn(root, '--erase', 'passthrough-studio')).not.toContain('scriptlet failed')
    expect(await filesOf(root)).toEqual(before)
  })
})
