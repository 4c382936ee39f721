import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'

/** Set-up of a test run: what its tests leave below the temporary directory goes with it at the end. */
export default function ownTmp(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'studio-'))
  // Tests of what root does for others have programs in there that run as those.
  chmodSync(directory, 0o1777)
  env['TMPDIR'] = directory
  return () => {
    rmSync(directory, { recursive: true, force: true })
  }
}
