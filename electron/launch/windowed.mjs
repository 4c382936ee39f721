// `npm run tour`, `npm run bench`: sets up what is missing, then runs one Playwright project with a display and a session bus.
import { ensurePackages } from './packages.mjs'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { run, say } from './run.mjs'
import { findRuntime } from './runtime.mjs'

/** A display of its own, so that nothing of the desktop is in a picture or beside a measurement. */
const DISPLAY = ['-a', '-s', '-screen 0 1600x1000x24', 'dbus-run-session', '--']
/** What the bench compares with. */
const COMPARED = { pciutils: 'lspci, which the bench is measured against' }
const PLAYWRIGHT = ['npx', '--no-install', 'playwright', 'test', '--config', 'e2e/playwright.config.ts']

try {
  const [project, ...more] = process.argv.slice(2)
  await ensurePackages(project === 'bench' ? COMPARED : {})
  await ensureDependencies()
  await ensureBuild()
  await findRuntime()
  process.exitCode = await run('xvfb-run', [...DISPLAY, ...PLAYWRIGHT, `--project=${project}`, ...more])
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 1
}
