// `npm test`: sets itself up (Debian packages included, said aloud first) and runs everything.
import { spawnSync } from 'node:child_process'
import { getuid } from 'node:process'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { findRuntime } from './runtime.mjs'
import { run, say } from './run.mjs'

/** Debian packages the end-to-end tests and the lab need, with what for. */
const PACKAGES = {
  xvfb: 'a display for the window tests',
  xauth: 'wanted by xvfb-run',
  dbus: 'a session bus for the tray test',
  'libgtk-3-0': 'Electron',
  libnss3: 'Electron',
  libasound2: 'Electron',
  libgbm1: 'Electron',
  'libatk-bridge2.0-0': 'Electron',
  libxss1: 'Electron',
  libxtst6: 'Electron',
  'fonts-dejavu-core': 'text in the window tests',
  'qemu-system-x86': 'the virtual lab',
  'qemu-utils': 'the virtual lab',
  seabios: 'the virtual lab',
  ovmf: 'UEFI for VMs that really start, and for the lab',
  swtpm: 'a TPM for a Windows VM that really starts',
  'qemu-guest-agent': 'the agent that tests ask',
  shellcheck: 'reads the scripts we generate',
  'ipxe-qemu': 'the virtual lab',
  mmdebstrap: 'builds the lab’s workstation image',
  e2fsprogs: 'builds the lab’s workstation image',
  mtools: 'builds lab images that boot by UEFI (npm run test:matrix)',
  dosfstools: 'builds lab images that boot by UEFI (npm run test:matrix)',
  fdisk: 'builds lab images that boot by UEFI (npm run test:matrix)',
}

function missingPackages() {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Abbrev}\n', ...Object.keys(PACKAGES)], {
    encoding: 'utf8',
  })
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => / ii\s*$/.test(line))
      .map((line) => line.split(' ')[0]),
  )
  return Object.keys(PACKAGES).filter((name) => !installed.has(name))
}

async function ensurePackages() {
  const missing = missingPackages()
  if (missing.length === 0) return
  say('These Debian packages are missing and will be installed:')
  for (const name of missing) say(`  ${name}: ${PACKAGES[name]}`)
  if (getuid() !== 0)
    throw new Error(`Run this as root first: apt-get install --no-install-recommends ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env }
  if ((await run('apt-get', ['update', '-qq'], quiet)) !== 0) throw new Error('apt-get update failed.')
  const code = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
  if (code !== 0) throw new Error('apt-get install failed.')
}

const npx = (...args) => ['npx', ['--no-install', ...args]]
const windowed = (...args) => [
  'xvfb-run',
  ['-a', '-s', '-screen 0 1600x1000x24', 'dbus-run-session', '--', 'npx', '--no-install', ...args],
]
const playwright = (project) => ['playwright', 'test', '--config', 'e2e/playwright.config.ts', `--project=${project}`]

/** Everything `npm test` runs, cheapest first. */
const STAGES = [
  ['types', ...npx('tsc', '--build')],
  ['lint', ...npx('eslint', '.', '--max-warnings', '0')],
  ['format', ...npx('prettier', '--check', '--log-level', 'warn', '.')],
  ['layers', ...npx('depcruise', '--config', '.dependency-cruiser.cjs', 'electron', 'renderer', 'shared', 'e2e')],
  ['unused', ...npx('knip')],
  ['unit', ...npx('vitest', 'run', '--config', 'e2e/vitest.config.ts')],
  ['e2e', ...windowed(...playwright('app'))],
  ['lab', ...npx(...playwright('lab'))],
]

async function main() {
  await ensurePackages()
  await ensureDependencies()
  await ensureBuild()
  await findRuntime()
  let passed = 0
  for (const [name, program, args] of STAGES) {
    const start = Date.now()
    say(`-- ${name}`)
    const code = await run(program, args)
    say(`-- ${name}: ${code === 0 ? 'passed' : `FAILED (${code})`}, ${Math.round((Date.now() - start) / 1000)} s`)
    if (code !== 0) {
      console.log(`stages: ${passed} passed, 1 failed`)
      return 1
    }
    passed += 1
  }
  console.log(`stages: ${passed} passed, 0 failed`)
  return 0
}

try {
  process.exitCode = await main()
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 1
}
