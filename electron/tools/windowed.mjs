// `npm run tour`, `bench`, `test:package`: sets up what is missing, then runs one Playwright project with a display and
// a session bus.
import { PACKED_WITH, ensurePackages } from './packages.mjs'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { run, say } from './run.mjs'
import { findRuntime } from './runtime.mjs'

/** A display of its own, so that nothing of the desktop is in a picture or beside a measurement. */
const DISPLAY = ['-a', '-s', '-screen 0 1600x1000x24', 'dbus-run-session', '--']
/** Debian packages that a project needs beside those of all tests, with what for. */
/** @type {Record<string, Record<string, string>>} */
const MORE = {
  bench: { pciutils: 'lspci, which the bench is measured against' },
  package: {
    lintian: 'checks the .deb',
    rpm: 'builds and installs the .rpm',
    rpmlint: 'checks the .rpm',
    appstream: 'checks the description for software centres',
    'desktop-file-utils': 'checks the menu entry',
    'man-db': 'typesets the man page',
    zsh: 'reads its completions',
    fish: 'reads its completions',
    git: 'clones the checkout that packages are built in',
    ...PACKED_WITH,
    unzip: 'unpacks an Electron that is given as a zip',
  },
}
const PLAYWRIGHT = ['npx', '--no-install', 'playwright', 'test', '--config', 'e2e/playwright.config.ts']

try {
  const [project = 'app', ...more] = process.argv.slice(2)
  await ensurePackages(MORE[project])
  await ensureDependencies()
  await ensureBuild()
  await findRuntime()
  process.exitCode = await run('xvfb-run', [...DISPLAY, ...PLAYWRIGHT, `--project=${project}`, ...more])
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 1
}
