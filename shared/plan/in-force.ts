import { RESCUE_SCRIPT } from '../base/own-files.ts'

/**
 * Says what stays on the host without a helper, and how to undo it. `count`: changes in force; null: the journal cannot
 * be read.
 */
export function staysInForce(count: number | null): string {
  if (count === 0) return 'Nothing of this program is in force.'
  const changes = count === null ? 'What is in force stays' : `${changeCount(count)} in force`
  return `${changes}; to take everything back on a terminal: sudo sh ${RESCUE_SCRIPT}`
}

function changeCount(count: number): string {
  return count === 1 ? '1 change stays' : `${count} changes stay`
}
