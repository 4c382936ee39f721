import { pathPattern } from '#shared/base/path-pattern.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { isGpu } from '#shared/facts/pci.ts'
import type { Evidence, Finding } from '#shared/wizard/finding.ts'

const GROUPS = '/sys/kernel/iommu_groups'
const MOUNTS = '/proc/self/mounts'
const IDS = '/sys/bus/pci/devices/*/vendor'

/** Findings that rest on more than the evidence they quote. */
const ALSO_NEEDED: Readonly<Record<string, readonly string[]>> = {
  'bind-card': [GROUPS, MOUNTS],
  'boot-running': [GROUPS],
  'card-identity': [IDS],
}

/** Sources that are no part of the host: the admin's own choice is always known. */
const OWN_SOURCES = new Set(['choice'])

/**
 * Findings on facts that come from a pasted text. A text does not say that something is absent, so a judgement on
 * what it does not tell becomes `unknown`: a pass needs one source that was told, anything else needs all of them.
 * Facts of a host that was really looked at pass through unchanged.
 */
export function limitToCoverage(facts: Facts, findings: readonly Finding[]): Finding[] {
  const { coverage } = facts
  if (coverage === null) return [...findings]
  const patterns = new Set(coverage)
  const cards = facts.devices.some(isGpu)
  return findings.map((finding) => (cards ? restrict(finding, patterns) : withoutCard(finding, patterns)))
}

/** A listing may be cut; that it shows no GPU does not say that the host has none. */
function withoutCard(finding: Finding, told: ReadonlySet<string>): Finding {
  const onCard = finding.status === 'fail' && (finding.code === 'no-gpu' || finding.evidence.length === 0)
  return onCard ? { ...finding, status: 'unknown', text: 'The text lists no GPU.', fix: null } : restrict(finding, told)
}

function restrict(finding: Finding, told: ReadonlySet<string>): Finding {
  if (finding.status === 'unknown' || finding.evidence.length === 0) return finding
  const needed = ALSO_NEEDED[finding.code] ?? []
  const knows = (source: string) => OWN_SOURCES.has(source) || told.has(pathPattern(source))
  const sources = finding.evidence.map((seen) => seen.source)
  const enough = finding.status === 'pass' ? sources.some(knows) : sources.every(knows)
  if (enough && needed.every(knows)) return finding
  const names = [...new Set([...sources, ...needed].filter((source) => !knows(source)))]
  return {
    ...finding,
    status: 'unknown',
    text: `The text says nothing of ${names.join(', ')}.`,
    evidence: finding.evidence.map((seen) => unread(seen, names)),
    fix: null,
  }
}

function unread(seen: Evidence, dark: readonly string[]): Evidence {
  return dark.includes(seen.source) ? { source: seen.source, quote: 'not in the text' } : seen
}
