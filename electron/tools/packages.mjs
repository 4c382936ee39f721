// Debian packages for tests, tour and bench.
import { spawnSync } from 'node:child_process'
import { getuid } from 'node:process'
import { ONLY_ERRORS, run, say } from './run.mjs'

/** What Electron is linked to: it has to be there to run it, and to find out what a package of it depends on. */
export const LINKED = {
  'libgtk-3-0': 'Electron',
  libnss3: 'Electron',
  libasound2: 'Electron',
  libgbm1: 'Electron',
  'libatk-bridge2.0-0': 'Electron',
  libcups2: 'Electron',
  'libx11-xcb1': 'Electron',
}

/** What making a .deb needs. */
export const PACKED_WITH = {
  'dpkg-dev': 'finds the packages that libraries come from',
  binutils: 'strips the Node that is shipped',
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
  xorriso: 'makes the disc that answers Windows’ Setup',
  genisoimage: 'makes the same disc where there is no xorriso',
  'virt-viewer': 'a SPICE viewer that the window opens',
  shellcheck: 'reads the scripts we generate',
  'ipxe-qemu': 'the virtual lab',
  mmdebstrap: 'builds the lab’s workstation image',
  e2fsprogs: 'builds the lab’s workstation image',
  mtools: 'builds lab images that boot by UEFI (npm run test:matrix)',
  dosfstools: 'builds lab images that boot by UEFI (npm run test:matrix)',
  fdisk: 'builds lab images that boot by UEFI (npm run test:matrix)',
}

/**
 * What Debian 13 and Ubuntu 24.04 call a library whose times are 64 bits wide.
 * @param {string} name
 */
const wide = (name) => `${name}t64`

/**
 * Those of them that are not installed, under either name.
 * @param {string[]} names
 */
function missingOf(names) {
  const both = names.flatMap((name) => [name, wide(name)])
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Abbrev}\n', ...both], {
    encoding: 'utf8',
  })
  if (asked.error !== undefined)
    throw new Error('This needs a Debian or Ubuntu, whose packages it knows; dpkg-query is not here. See README.')
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => / ii\s*$/.test(line))
      .map((line) => line.split(' ')[0]),
  )
  return names.filter((name) => !installed.has(name) && !installed.has(wide(name)))
}

/**
 * The names under which this distribution has these packages. Asked after apt has its lists.
 * @param {string[]} names
 */
function namesHere(names) {
  const { stdout } = spawnSync('apt-cache', ['show', '--no-all-versions', ...names.map(wide)], { encoding: 'utf8' })
  const had = new Set([...stdout.matchAll(/^Package: (\S+)$/gmu)].map(([, name]) => name))
  return names.map((name) => (had.has(wide(name)) ? wide(name) : name))
}

/**
 * Installs what is missing of what the tests need and of `more` (a name, and what it is for), and says so first.
 * @param {Record<string, string>} more
 */
export function ensurePackages(more = {}) {
  return ensureOnly({ ...TESTED_WITH, ...more })
}

/**
 * Installs what is missing of `wanted` (a name, and what it is for), and says so first.
 * @param {Record<string, string>} wanted
 */
export async function ensureOnly(wanted) {
  const missing = missingOf(Object.keys(wanted))
  if (missing.length === 0) return
  say('These Debian packages are missing and will be installed:')
  for (const name of missing) say(`  ${name}: ${wanted[name]}`)
  if (getuid?.() !== 0)
    throw new Error(`Run this as root first: apt-get install --no-install-recommends ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const quiet = { stdio: ONLY_ERRORS, env }
  if ((await run('apt-get', ['update', '-qq'], quiet)) !== 0) throw new Error('apt-get update failed.')
  const words = ['install', '-y', '-qq', '--no-install-recommends', ...namesHere(missing)]
  const code = await run('apt-get', words, quiet)
  if (code !== 0) throw new Error('apt-get install failed.')
}
