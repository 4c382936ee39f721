import type { Comparison } from '#shared/ipc/health.ts'
import type { Evidence, Fix } from '#shared/wizard/finding.ts'
import type { FindingCode } from '#shared/wizard/finding-codes.ts'
import { citeFile } from '../evidence.ts'
import { citeProof } from '../evidence.ts'
import { pass, unknown, warn } from '../steps/step.ts'

/** Two values of one thing, and how to speak of it. `source`: where it was read. */
interface Pair {
  code: FindingCode
  what: string
  source: string
  was: string | null
  is: string | null
  /** Why it cannot be read now; null: it can. */
  hidden?: string | null
  fix: Fix
}

/** Compares two texts: equal is a pass, different an attention that leads on, unreadable unknown. */
export function compare({ code, what, source, was, is, hidden = null, fix }: Pair): Comparison {
  const seen = evidence(source, was, hidden ?? is)
  if (hidden !== null) {
    const text = `${what} cannot be read, so it was not compared.`
    return { what, was, is: null, same: null, finding: unknown(code, text, seen) }
  }
  if (was === is)
    return { what, was, is, same: true, finding: pass(code, `${what} is as it was: ${is ?? 'none'}.`, seen) }
  return { what, was, is, same: false, finding: warn(code, differs(what, was, is), seen, fix) }
}

function differs(what: string, was: string | null, is: string | null): string {
  if (is === null) return `${what} is gone; it was ${was ?? ''}.`
  return was === null ? `${what} is ${is}; there was none.` : `${what} is ${is}, it was ${was}.`
}

/** What was read now, and what had been read then. */
export function evidence(source: string, was: string | null, is: string | null): Evidence[] {
  return [citeFile(source, is), citeProof('last known good', was)]
}
