// Debian packages for tests, tour and bench.
import { spawnSync } from 'node:child_process'
import { getuid } from 'node:process'
import { run, say } from './run.mjs'

/** What Electron is linked to: it has to be there to run it, and to find out what a package of it depends on. */
export const LINKED = {
  'libgtk-3-0': 'Electron',
  libnss3: 'Electron',
  libasound2: 'Electron',
  libgbm1: 'Electron',
  'libatk-bridge2.0-0': 'Electron',
  libcups2: 'Electron',
}

/** Debian packages the end-to-end tests and the lab need, with what for. */
const TESTED_WITH = {
  xvfb: 'a display for the window tests',
  xauth: 'wanted by xvfb-run',
  dbus: 'a session bus for the tray test',
  ...LINKED,
  'fonts-dejavu-core': 'text in the window tests',
  'qemu-system-x86': 'the virtual lab',
  'qemu-utils': 'the virtual lab',
  seabios: 'the virtual lab',
  ovmf: 'UEFI for VMs that really start, and for the lab',
  swtpm: 'a TPM for a Windows VM that really starts',
  'qemu-guest-agent': 'the agent that tests ask',
  'virt-viewer': 'a SPICE viewer that the window opens',
  shellcheck: 'reads the scripts we generate',
  'ipxe-qemu': 'the virtual lab',
  mmdebstrap: 'builds the lab’s workstation image',
  e2fsprogs: 'builds the lab’s workstation image',
  mtools: 'builds lab images that boot by UEFI (npm run test:matrix)',
  dosfstools: 'builds lab images that boot by UEFI (npm run test:matrix)',
  fdisk: 'builds lab images that boot by UEFI (npm run test:matrix)',
}

/** Those of them that are not installed. */
function missingOf(names) {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Abbrev}\n', ...names], {
    encoding: 'utf8',
  })
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => / ii\s*$/.test(line))
      .map((line) => line.split(' ')[0]),
  )
  return names.filter((name) => !installed.has(name))
}

/** Installs what is missing of what the tests need and of `more` (a name, and what it is for), and says so first. */
export function ensurePackages(more = {}) {
  return ensureOnly({ ...TESTED_WITH, ...more })
}

/** Installs what is missing of `wanted` (a name, and what it is for), and says so first. */
export async function ensureOnly(wanted) {
  const missing = missingOf(Object.keys(wanted))
  if (missing.length === 0) return
  say('These Debian packages are missing and will be installed:')
  for (const name of missing) say(`  ${name}: ${wanted[name]}`)
  if (getuid() !== 0)
    throw new Error(`Run this as root first: apt-get install --no-install-recommends ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env }
  if ((await run('apt-get', ['update', '-qq'], quiet)) !== 0) throw new Error('apt-get update failed.')
  const code = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
  if (code !== 0) throw new Error('apt-get install failed.')
}
