// `npm test`: sets itself up (Debian packages included, said aloud first) and runs everything.
import { PACKED_WITH, ensurePackages } from './packages.mjs'
import { ensureBuild, ensureDependencies } from './prepare.mjs'
import { findRuntime } from './runtime.mjs'
import { run, say } from './run.mjs'

/** @typedef {[program: string, args: string[]]} Command */

/** @type {(...args: string[]) => Command} */
const npx = (...args) => ['npx', ['--no-install', ...args]]
/** @type {(...args: string[]) => Command} */
const windowed = (...args) => [
  'xvfb-run',
  ['-a', '-s', '-screen 0 1600x1000x24', 'dbus-run-session', '--', 'npx', '--no-install', ...args],
]
/** @type {(project: string) => string[]} */
const playwright = (project) => ['playwright', 'test', '--config', 'e2e/playwright.config.ts', `--project=${project}`]

/**
 * Everything `npm test` runs, cheapest first.
 * @type {[name: string, ...Command][]}
 */
const STAGES = [
  ['types', ...npx('tsc', '--build')],
  ['lint', ...npx('eslint', '.', '--max-warnings', '0')],
  ['format', ...npx('prettier', '--check', '--log-level', 'warn', '.')],
  ['layers', ...npx('depcruise', '--config', '.dependency-cruiser.cjs', 'electron', 'renderer', 'shared', 'e2e')],
  ['unused', ...npx('knip')],
  ['unit', ...npx('vitest', 'run', '--config', 'e2e/vitest.config.ts')],
  ['e2e', ...windowed(...playwright('app'))],
  ['package', 'node', ['electron/tools/package.mjs', '--stand-in', '--only', 'deb']],
  ['lab', ...npx(...playwright('lab'))],
]

async function main() {
  // The package stage's too, so that all is named at once.
  await ensurePackages(PACKED_WITH)
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
