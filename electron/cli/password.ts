import { ProblemError } from '#shared/base/problem.ts'
import { accountPassword } from '#shared/vm/answers/names.ts'
import { readGiven } from './diagnosis.ts'

/**
 * Reads a password from the first line of a file, or of standard input for `-`: arguments of a process are seen by every
 * user of the host. `file` null: none is given. Throws `usage` when it is no password.
 */
export async function readPassword(file: string | null): Promise<string | null> {
  if (file === null) return null
  const { text, source } = await readGiven(file)
  const [line = ''] = text.split(/\r?\n/u)
  const password = accountPassword.safeParse(line)
  if (password.success) return password.data
  throw new ProblemError('usage', `The first line of ${source} is no password.`, {
    hint: password.error.issues[0]?.message ?? 'Nothing was changed.',
  })
}
