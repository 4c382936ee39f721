import { z } from 'zod'
import { shellQuote } from '#shared/base/shell-quote.ts'
import { plural } from '#shared/base/text.ts'
import { recipe } from '../recipe.ts'
import { absolutePath, kind } from './kind.ts'

/**
 * Writes one small text file, owned by root. `expected` is the SHA-256 the file must have now; null: it must not exist.
 * Root writes only what it makes of `recipe` itself; the journal, which undo reads, does without.
 */
const writeFile = z.strictObject({
  kind: z.literal('write-file'),
  path: absolutePath,
  text: z.string().max(65_536),
  mode: z.union([z.literal(0o600), z.literal(0o644), z.literal(0o755)]),
  expected: z.string().nullable(),
  recipe: recipe.optional(),
})

/** Removes a file that only this program writes, and that nothing reads any more. `expected`: the SHA-256 it must have. */
const removeFile = z.strictObject({
  kind: z.literal('remove-file'),
  path: absolutePath,
  expected: z.string(),
})

export const filesKinds = {
  'write-file': kind({
    schema: writeFile,
    text: (change) => `${change.expected === null ? 'Write' : 'Change'} ${change.path}`,
    script: ({ path, text, mode }) => [
      `mkdir -p ${shellQuote(path.slice(0, path.lastIndexOf('/')))}`,
      `cat > ${shellQuote(path)} <<'END-OF-FILE'`,
      text.replace(/\n$/u, ''),
      'END-OF-FILE',
      `chmod ${mode.toString(8)} ${shellQuote(path)}`,
    ],
    label: (number) => `write ${plural(number, 'file')}`,
  }),
  'remove-file': kind({
    schema: removeFile,
    text: ({ path }) => `Remove ${path}`,
    script: ({ path }) => [`rm -f ${shellQuote(path)}`],
    label: (number) => `remove ${plural(number, 'file')}`,
  }),
}
