import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')
/** Compiles a module as the tests do, and runs it. Its own arguments come after its path. */
const RUN = `import { runnerImport } from 'vite'
await runnerImport(process.argv[1], { root: process.cwd(), configFile: false, logLevel: 'warn' })`

/** Returns the command that runs a `*.child.fixture.ts` of this project in a process of its own. */
export function childCommand(module: string, args: readonly string[]): [string, ...string[]] {
  return [execPath, '--input-type=module', '--eval', RUN, join(ROOT, module), ...args]
}

const run = promisify(execFile)

/** Runs a `*.child.fixture.ts` to its end, through `wrapper` if one is given (e.g. `unshare -m`), and gives what it printed. */
export async function runChild(
  module: string,
  args: readonly string[],
  wrapper: readonly string[] = [],
): Promise<string> {
  const [command = execPath, ...rest] = [...wrapper, ...childCommand(module, args)]
  const { stdout } = await run(command, rest, { cwd: ROOT, maxBuffer: 64_000_000 })
  return stdout
}
