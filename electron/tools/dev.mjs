// `npm run dev`: builds whenever a source changes, and starts the app anew with Chromium's tools beside it.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.mjs'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { say } from './run.mjs'
import { findRuntime } from './runtime.mjs'

/** Editors write a file in several steps; the last of them counts. */
const SETTLE_MS = 200

await ensureDependencies()
const { executable } = await findRuntime()
/** @type {import('node:child_process').ChildProcess | null} */
let app = null
let building = Promise.resolve()

function open() {
  app = spawn(executable, [ROOT, '--devtools', ...process.argv.slice(2)], { stdio: 'inherit' })
  const mine = app
  mine.on('exit', (code) => {
    // Closed by its user, not by the next build.
    if (app === mine) process.exit(code ?? 0)
  })
}

/** The app that is open goes on until the new one is built; a source that does not build is told, and waited for. */
async function rebuild() {
  try {
    await ensureBuild()
    const former = app
    app = null
    if (former !== null && former.exitCode === null) {
      former.kill()
      await new Promise((resolve) => former.once('exit', resolve))
    }
    open()
  } catch (thrown) {
    say(`Not built: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    if (app === null) open()
  }
}

/** @type {NodeJS.Timeout | null} */
let due = null
function changed() {
  if (due !== null) clearTimeout(due)
  due = setTimeout(() => {
    building = building.then(rebuild)
  }, SETTLE_MS)
}

building = rebuild()
for (const room of ['shared', 'electron', 'renderer', 'assets']) watch(join(ROOT, room), { recursive: true }, changed)
