import { execa } from 'execa'
import { z } from 'zod'
import { ProblemError } from '#shared/base/problem.ts'
import { ENVIRONMENT } from './tools.ts'

/** Prints the libraries of the Node that runs it (process.report; its network part would ask name servers). */
const TELLS_LIBRARIES =
  'process.report.excludeNetwork = true; console.log(JSON.stringify(process.report.getReport().sharedObjects))'

/** Absolute paths of the libraries a Node is linked to, its loader included. Throws `tool-failed` when it tells none. */
export async function librariesOf(node: string): Promise<string[]> {
  const { stdout, exitCode, stderr } = await execa(node, ['-e', TELLS_LIBRARIES], {
    env: ENVIRONMENT,
    extendEnv: false,
    reject: false,
  })
  if (exitCode !== 0)
    throw new ProblemError('tool-failed', `${node} does not tell its libraries.`, {
      detail: stderr,
      hint: 'Install another Node, then build again.',
    })
  const named = z.array(z.string()).parse(JSON.parse(stdout))
  // The kernel's own page (vdso(7)) is no file.
  return named.filter((path) => path.startsWith('/'))
}
