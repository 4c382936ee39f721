import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u)

/** What a built program says of itself; `build.json` beside its bundles. */
export const build = z.strictObject({
  /** As in package.json; `~standin` is added to a package that carries no supported Electron. */
  version: z.string().min(1),
  /** Where it runs from: a checkout, or a package that was installed. */
  origin: z.enum(['checkout', 'package']),
  /** A package made for tests, with an Electron that is out of support. */
  standIn: z.boolean(),
  /** SHA-256 of the helper bundle it was built with: a helper with other bytes is another version's. */
  helper: sha256,
  /** Absolute path of the Node that runs helper and command line. */
  node: z.string().startsWith('/'),
})
export type Build = z.infer<typeof build>

export const BUILD_FILE = 'build.json'
