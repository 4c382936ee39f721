import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { PROOF_VERSION } from '#shared/facts/guest-report.ts'
import { PROOF_SCRIPT } from './proof-script.ts'

/** Whoever changes the script raises PROOF_VERSION as well, or guests made before stay as they were. */
const OF_VERSION = { version: 5, script: 'ad0ba5bfc9b9b1ea' }

it('a changed proof script has another version number', () => {
  const script = createHash('sha256').update(PROOF_SCRIPT).digest('hex').slice(0, 16)
  expect({ version: PROOF_VERSION, script }).toEqual(OF_VERSION)
})
