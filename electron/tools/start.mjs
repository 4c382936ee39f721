// `npm start`: installs what is missing, builds what is stale, finds an Electron runtime, opens the app.
import { getuid } from 'node:process'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { findRuntime } from './runtime.mjs'
import { ROOT } from './paths.mjs'
import { run, say } from './run.mjs'

/**
 * Without a window there is still the report of this host.
 * @param {string} why
 * @param {string} how
 */
async function reportInstead(why, how) {
  say(why)
  say('The nine steps on this host:')
  await run(process.execPath, ['dist/cli.js', 'doctor'])
  say(how)
  return 0
}

/** Whether this user can change anything, in the program's own words. */
function tellHelper() {
  return run(process.execPath, ['dist/cli.js', 'helper'])
}

/** The oldest that runs what we use: see engines in package.json. */
const OLDEST_NODE = /** @type {const} */ ([20, 19])

function nodeIsTooOld() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
}

async function start() {
  if (nodeIsTooOld())
    throw new Error(`This is Node ${process.versions.node}; ${OLDEST_NODE.join('.')} or newer is needed, best 24.`)
  await ensureDependencies()
  await ensureBuild()
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return reportInstead(
      'There is no display, so no window can open.',
      `For a window, run npm start in a graphical session (or over ssh -X). Without one, root makes changes here: sudo ${process.execPath} dist/cli.js apply kernel. All verbs: node dist/cli.js help.`,
    )
  }
  if (getuid?.() === 0 && !process.argv.includes('--no-sandbox')) {
    return reportInstead(
      'Chromium does not run as root with its sandbox, and the app does not run without it.',
      'For a window, run npm start as an ordinary user. As root, each step is applied here: node dist/cli.js plan kernel, then apply kernel. All verbs: node dist/cli.js help. On a test machine without an ordinary user: npm start -- --no-sandbox.',
    )
  }
  const { executable } = await findRuntime()
  // The window does not wait for it.
  const [code] = await Promise.all([run(executable, [ROOT, ...process.argv.slice(2)]), tellHelper()])
  return code
}

try {
  process.exitCode = await start()
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown))
  process.exitCode = 1
}
