import type { Comparison, Health } from '#shared/ipc/health.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Verdict } from '#shared/wizard/finding.ts'
import { drift } from './drift.ts'
import { fileDrift } from './file-drift.ts'
import { type Building, generatorDrift } from './generator-drift.ts'
import { imageDrift } from './image-drift.ts'

/**
 * Returns whether the host is still what it was when a guest last proved the card; `facts.proofs` holds what it was.
 */
export function healthOf(building: Building, journal: readonly JournalEntry[]): Health {
  const { facts } = building
  if (facts.coverage !== null) return untold()
  const { baseline } = facts.proofs
  const since = baseline === undefined ? fileDrift(null, facts, journal) : drift(baseline, facts, journal)
  const compared = [...since, ...generatorDrift(building), ...imageDrift(facts, journal)]
  const changes = compared.filter(({ finding }) => finding.status === 'warn' || finding.status === 'fail').length
  if (baseline === undefined) return { verdict: unproven(compared, changes), proven: null, changes, compared }
  const { at, vm, simulated } = baseline
  return { verdict: verdictOf(compared, changes), proven: { at, vm, simulated }, changes, compared }
}

function untold(): Health {
  const text = 'A pasted text does not tell what the host was before.'
  return { verdict: { status: 'unknown', text }, proven: null, changes: 0, compared: [] }
}

function unproven(compared: readonly Comparison[], changes: number): Verdict {
  if (changes > 0) return { status: 'needs-work', text: foremost(compared, changes, 'what this program wrote') }
  const text = 'No guest has proven the card on this host yet, so there is nothing to compare with.'
  return { status: 'unknown', text }
}

function verdictOf(compared: readonly Comparison[], changes: number): Verdict {
  const then = 'the day a guest last proved the card'
  if (changes > 0) {
    const stuck = compared.some(({ finding }) => finding.status === 'fail' && (finding.fix?.step ?? null) === null)
    return { status: stuck ? 'blocked' : 'needs-work', text: foremost(compared, changes, then) }
  }
  const dark = compared.filter(({ same }) => same === null).length
  if (dark > 0)
    return { status: 'unknown', text: `Nothing that can be read differs from ${then}; ${dark} cannot be read.` }
  return { status: 'ok', text: `Nothing differs from ${then}.` }
}

/** Returns the one difference, or how many there are. */
function foremost(compared: readonly Comparison[], changes: number, then: string): string {
  const one = compared.find(({ finding }) => finding.status === 'warn' || finding.status === 'fail')
  return changes === 1
    ? `One thing differs from ${then}: ${lower(one?.finding.text ?? '')}`
    : `${changes} things differ from ${then}.`
}

function lower(text: string): string {
  return text.replace(/^(?:The|Kernel) /u, (word) => word.toLowerCase())
}

/**
 * Returns what changed since the card was last proven, in one sentence; null: nothing did, or no guest proved it yet.
 */
export function changesSince({ proven, compared }: Health): string | null {
  const different = compared.filter(({ same }) => same === false)
  if (proven === null || different.length === 0) return null
  const told = different.slice(0, MOST_TOLD).map(({ finding }) => finding.text)
  const rest = different.length - told.length
  const more = rest > 0 ? ` Health shows ${rest} more.` : ''
  return `Changed since the card was last proven on ${proven.at.slice(0, 10)}: ${told.join(' ')}${more}`
}

const MOST_TOLD = 3
