import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from '@playwright/test'
import { execa } from 'execa'
import { fallbackPath } from '#tools/runtime.mjs'
import { runBuilder, standInPackages, versionIn } from './builder.ts'
import { inClone } from './clone.ts'
import { lintianTags } from './lint.ts'
import { OVERRIDDEN } from './overridden.ts'

const OUT_OF_SUPPORT = '40.8.5'
/** Nobody listens there, and nothing was kept there: an Electron can neither be fetched nor taken out of a cache. */
const CUT_OFF = { ELECTRON_MIRROR: 'http://127.0.0.1:9/', electron_config_cache: '/nonexistent' }

let work = ''
const out = () => join(work, 'out')

test.beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'refusals-'))
})

test.afterEach(() => rm(work, { recursive: true }))

/** The builder ends with 1 and makes nothing. Returns what it says. */
async function refused(...words: string[]): Promise<string> {
  return refusal(await runBuilder([...words, '--out', out()]))
}

function refusal({ exitCode, said }: { exitCode: number; said: string }): string {
  expect(exitCode, said).toBe(1)
  expect(existsSync(out())).toBe(false)
  // A build that is older than its sources is made first, and says so.
  const lines = said.split('\n').filter((line) => !line.includes('Building dist'))
  return lines.join('\n').replace('[studio] ', '')
}

/** A directory that looks like an official Electron: the stand-in, which packages for tests are made of, renamed. */
async function electronNamed(version: string): Promise<string> {
  await standInPackages()
  const directory = join(work, 'electron')
  await cp(dirname(fallbackPath()), directory, { recursive: true })
  await rename(join(directory, basename(fallbackPath())), join(directory, 'electron'))
  await writeFile(join(directory, 'version'), version)
  return directory
}

test('without an Electron no package is made, and the message says what to do', async () => {
  await inClone('without-electron', async (checkout) => {
    const said = refusal(await runBuilder(['--out', out()], { checkout, env: CUT_OFF }))
    expect(said).toMatch(/^The official Electron cannot be downloaded here/u)
    expect(said).toMatch(/--electron .+\.zip\n.+--stand-in$/u)
  })
})

test('an Electron out of support is refused, and the newest one is packed', async () => {
  const old = await electronNamed(OUT_OF_SUPPORT)
  expect(await refused('--electron', old)).toMatch(/^Electron 40\.8\.5 is out of support .+ --electron\.$/u)
  const { stdout: newest } = await execa('npm', ['view', 'electron', 'version'])
  await writeFile(join(old, 'version'), newest)
  const { exitCode, said } = await runBuilder(['--electron', old, '--only', 'deb', '--out', out()])
  expect(exitCode, said).toBe(0)
  const deb = join(out(), `passthrough-studio_${await versionIn('.')}_amd64.deb`)
  expect(said).toContain(`Made ${deb}`)
  // Packed for a release, lintian knows the format too.
  expect(await lintianTags(deb)).toEqual({ found: [], overridden: OVERRIDDEN })
})

test('a zip of Electron is used only if its digest is known or given', async () => {
  const known = join(work, `electron-v${await versionIn('node_modules/electron')}-linux-x64.zip`)
  await writeFile(known, 'no zip')
  expect(await refused('--electron', known)).toMatch(/ has SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}\. It is not used\.$/u)
  const digest = '0'.repeat(64)
  expect(await refused('--electron', known, '--sha256', digest)).toMatch(/, not 0{64}\. It is not used\.$/u)
  const unknown = join(work, 'electron-v999.0.0-linux-x64.zip')
  await writeFile(unknown, 'no zip')
  expect(await refused('--electron', unknown)).toMatch(/; give --sha256\.$/u)
})

test('a directory without an Electron, or nothing at all, is refused', async () => {
  const empty = join(work, 'empty')
  await mkdir(empty)
  expect(await refused('--electron', empty)).toBe(`${empty} is no Electron: it lacks "electron" or "version".`)
  expect(await refused('--electron', join(work, 'nowhere'))).toBe(`There is nothing at ${work}/nowhere.`)
})

test('unknown arguments are answered with one sentence', async () => {
  expect(await refused('--only', 'zip')).toBe('--only takes deb or rpm.')
  expect(await refused('--version', '1')).toBe('--version takes three numbers, e.g. 1.2.0.')
  expect(await refused('--sha256', 'abc')).toBe('--sha256 is the digest of a zip that is given with --electron.')
  expect(await refused('--electron', 'e.zip', '--sha256', 'abc')).toBe('--sha256 takes 64 hexadecimal digits.')
  expect(await refused('--stand-in', '--electron', work)).toBe('--stand-in and --electron exclude each other.')
  expect(await refused('--standin')).toMatch(/^Unknown option '--standin'/u)
})

test('--help prints the options and makes nothing', async () => {
  const { exitCode, said } = await runBuilder(['--help', '--out', out()])
  expect(exitCode, said).toBe(0)
  for (const option of ['--only', '--electron', '--sha256', '--stand-in', '--out', '--version'])
    expect(said).toContain(option)
  expect(existsSync(out())).toBe(false)
})
