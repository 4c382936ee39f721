import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { execa } from 'execa'
import { STEP_IDS } from '#shared/wizard/step-id.ts'
import { standInPackages } from './builder.ts'
import { bashOffers, checked, entriesOf, lintianTags, rpmlintErrors } from './lint.ts'
import { OVERRIDDEN } from './overridden.ts'
import { unpackedDeb } from './unpacked.ts'

const SHARE = 'usr/share'
const SANDBOX = './usr/lib/passthrough-studio/chrome-sandbox'
const CLEAN = { exitCode: 0, said: '' }

test('lintian finds nothing in the .deb except its fast compression', async () => {
  const { deb } = await standInPackages()
  // Debian 12's lintian knows no zstd, with which a package for tests is packed; dpkg does. A release has xz.
  // That the overrides are used shows that the files were looked at all the same.
  expect(await lintianTags(deb)).toEqual({ found: ['malformed-deb-archive'], overridden: OVERRIDDEN })
})

test('rpmlint finds no error in the .rpm except the sandbox’s mode and the missing signature', async () => {
  const { rpm } = await standInPackages()
  expect(await rpmlintErrors(rpm)).toEqual([
    'no-signature', // whoever publishes a release signs it; a build has no key
    'non-standard-executable-perm', // the same 4755, which is none of the modes it knows
    'setuid-binary', // Chromium's sandbox, for hosts where users may make no user namespaces
  ])
})

test('every file of the .deb is root’s and writable by root only, and only the sandbox is setuid', async () => {
  const { deb } = await standInPackages()
  const entries = await entriesOf(deb)
  expect(entries.length).toBeGreaterThan(50)
  expect(entries.filter(({ owner }) => owner !== 'root/root')).toEqual([])
  expect(entries.filter(({ mode }) => /^.{5}w|^.{8}w/u.test(mode))).toEqual([])
  expect(entries.filter(({ mode }) => /[st]/iu.test(mode.slice(1)))).toEqual([
    { mode: '-rwsr-xr-x', owner: 'root/root', path: SANDBOX },
  ])
})

test('menu entry and description for software centres are valid', async () => {
  const share = join(await unpackedDeb(), SHARE)
  const about = join(share, 'metainfo/org.passthrough_studio.studio.metainfo.xml')
  const { exitCode, said } = await checked('appstreamcli', 'validate', '--no-net', '--pedantic', about)
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 })
  const entry = join(share, 'applications/passthrough-studio.desktop')
  expect(await checked('desktop-file-validate', entry)).toEqual(CLEAN)
})

test('the man page is typeset without a warning', async () => {
  const page = join(await unpackedDeb(), SHARE, 'man/man1/passthrough-studio.1.gz')
  const { stdout, stderr } = await execa('man', ['--warnings', '-l', page], { env: { LC_ALL: 'C.UTF-8' } })
  expect(stderr).toBe('')
  // Lines are filled with blanks.
  expect(stdout).toMatch(/passthrough-studio\s+-\s+hand\s+a\s+physical\s+GPU/u)
})

test('bash, zsh and fish parse their completions', async () => {
  const share = join(await unpackedDeb(), SHARE)
  expect(await checked('bash', '-n', join(share, 'bash-completion/completions/passthrough-studio'))).toEqual(CLEAN)
  expect(await checked('zsh', '-n', join(share, 'zsh/vendor-completions/_passthrough-studio'))).toEqual(CLEAN)
  expect(await checked('fish', '-n', join(share, 'fish/vendor_completions.d/passthrough-studio.fish'))).toEqual(CLEAN)
})

test('bash and fish complete a verb, and offer the nine steps after apply', async () => {
  const share = join(await unpackedDeb(), SHARE)
  const forBash = join(share, 'bash-completion/completions/passthrough-studio')
  expect(await bashOffers(forBash, 'passthrough-studio', 'a')).toEqual(['apply'])
  expect(await bashOffers(forBash, 'passthrough-studio', 'apply', '')).toEqual(STEP_IDS)
  const forFish = join(share, 'fish/vendor_completions.d/passthrough-studio.fish')
  const asked = `source ${forFish}; complete -C 'passthrough-studio apply '`
  const { stdout } = await execa('fish', ['--no-config', '-c', asked])
  expect(stdout.split('\n').sort()).toEqual([...STEP_IDS].sort())
})
