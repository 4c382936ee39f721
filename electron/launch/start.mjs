// `npm start`: installs what is missing, builds what is stale, finds an Electron runtime, opens the app.
import { getuid } from 'node:process'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { findRuntime } from './runtime.mjs'
import { ROOT } from './paths.mjs'
import { run, say } from './run.mjs'

/** Without a window there is still the report of this host. */
async function reportInstead(why, how) {
  say(why)
  say('The nine steps on this host:')
  await run(process.execPath, ['dist/cli.js', 'doctor'])
  say(how)
  return 0
}

async function start() {
  if (Number(process.versions.node.split('.')[0]) < 20) throw new Error('Node 20 or newer is needed.')
  await ensureDependencies()
  await ensureBuild()
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return reportInstead(
      'There is no display, so no window can open.',
      'For a window, run npm start in a graphical session (or over ssh -X). All verbs: node dist/cli.js help.',
    )
  }
  if (getuid() === 0 && !process.argv.includes('--no-sandbox')) {
    return reportInstead(
      'Chromium does not run as root with its sandbox, and the app does not run without it.',
      'For a window, run npm start as an ordinary user. On a test machine without one: npm start -- --no-sandbox.',
    )
  }
  const { executable } = await findRuntime()
  return run(executable, [ROOT, ...process.argv.slice(2)])
}

try {
  process.exitCode = await start()
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 1
}
