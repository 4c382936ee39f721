import { pathPattern } from '#shared/base/path-pattern.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { isGpu } from '#shared/facts/pci.ts'
import type { Evidence, Finding } from '#shared/wizard/finding.ts'

/**
 * Findings on facts that come from a pasted text. A text does not say that something is absent, so a judgement on
 * what it does not tell becomes `unknown`: every source that a finding cites has to be one that was told.
 * Facts of a host that was really looked at pass through unchanged.
 */
export function limitToCoverage(facts: Facts, findings: readonly Finding[]): Finding[] {
  const { coverage } = facts
  if (coverage === null) return [...findings]
  const patterns = new Set(coverage)
  const cards = facts.devices.some(isGpu)
  return findings.map((finding) => (cards ? restrict(finding, patterns) : withoutCard(finding, patterns)))
}

/** Judges a listing without a GPU as unknown: a listing may be cut. */
function withoutCard(finding: Finding, told: ReadonlySet<string>): Finding {
  const onCard = finding.status === 'fail' && (finding.code === 'no-gpu' || finding.evidence.length === 0)
  return onCard ? { ...finding, status: 'unknown', text: 'The text lists no GPU.', fix: null } : restrict(finding, told)
}

function restrict(finding: Finding, told: ReadonlySet<string>): Finding {
  if (finding.status === 'unknown') return finding
  const untold = finding.evidence.filter((cited) => !isCovered(cited, told))
  if (untold.length === 0) return finding
  const names = [...new Set(untold.map((cited) => cited.source))]
  return {
    ...finding,
    status: 'unknown',
    text: `The text says nothing of ${names.join(', ')}.`,
    evidence: finding.evidence.map((cited) =>
      untold.includes(cited) ? { ...cited, quote: 'not in the text' } : cited,
    ),
    fix: null,
  }
}

/** Returns whether a source is known: an admin's own choice always is; of the host, what the text contains. */
function isCovered({ kind, source }: Evidence, told: ReadonlySet<string>): boolean {
  return kind === 'choice' || (kind === 'file' && told.has(pathPattern(source)))
}
