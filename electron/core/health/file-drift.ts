import { isUnknown } from '#shared/base/unknown.ts'
import type { Baseline } from '#shared/facts/baseline.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Comparison } from '#shared/ipc/health.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { type StepId, stepNumber } from '#shared/wizard/step-id.ts'
import type { CodeAbout } from '../steps/step.ts'
import { fixInStep, manualFix, pass, unknown, warn } from '../steps/step.ts'
import { concerns } from './baseline.ts'
import { evidence } from './compare.ts'

/** A file as this program left it: by which step and when. */
interface Written {
  sha256: string | null
  step: StepId
  at: string
}

type FileFact = Facts['files'][string]

/**
 * Compares configuration files: those this program wrote with what the journal says it left there, all others with the
 * last known good. Unchanged ones share one line.
 */
export function fileDrift(baseline: Baseline | null, facts: Facts, journal: readonly JournalEntry[]): Comparison[] {
  const written = writtenFiles(journal)
  const paths = [...new Set([...Object.keys(baseline?.files ?? {}), ...written.keys(), ...newFiles(baseline, facts)])]
  const known = paths.filter((path) => facts.files[path] !== undefined).sort()
  const rows = known.map((path) => {
    const mine = written.get(path)
    const was = baseline?.files[path] ?? null
    const file = facts.files[path] ?? null
    if (mine !== undefined) return ownFile(path, mine, file, baseline === null ? null : { was, at: baseline.at })
    return foreignFile(path, was, file, journal, baseline?.at ?? '')
  })
  const same = rows.filter((row) => row.same === true)
  return [...rows.filter((row) => row.same !== true), ...together(same)]
}

/** Files that are there now and were not: an admin's, or another program's. */
function newFiles(baseline: Baseline | null, facts: Facts): string[] {
  if (baseline === null) return []
  return Object.entries(facts.files).flatMap(([path, file]) => {
    const there = file !== null && !isUnknown(file)
    const matters = path.startsWith('/etc/') || path.startsWith('/var/lib/')
    return there && matters && concerns(baseline, path) ? [path] : []
  })
}

/** Returns the newest text in force for each file, by the journal. */
function writtenFiles(journal: readonly JournalEntry[]): Map<string, Written> {
  const found = new Map<string, Written>()
  for (const { change, after, reverted, step, at } of journal) {
    if (after === null || reverted !== null) continue
    if (change.kind === 'remove-file') found.delete(change.path)
    if (change.kind !== 'write-file') continue
    const left = after.files.find((file) => file.path === change.path)
    if (left !== undefined) found.set(change.path, { sha256: left.sha256, step, at })
  }
  return found
}

function ownFile(
  path: string,
  mine: Written,
  file: FileFact,
  baseline: { was: string | null; at: string } | null,
): Comparison {
  const code = codeOf(path)
  const step = `step ${stepNumber(mine.step)}`
  if (isUnknown(file)) return hidden(path, file.unknown)
  const is = file === null ? null : file.sha256
  const seen = evidence(path, `${mine.at}, ${step}: sha256 ${mine.sha256 ?? 'none'}`, hashed(is))
  if (is !== mine.sha256) {
    const what = is === null ? 'was removed' : 'was changed'
    const text = `${path} ${what} by someone else since ${step} wrote it on ${day(mine.at)}.`
    const fix = fixInStep(mine.step, `Step ${stepNumber(mine.step)} shows whether what it needs is still there.`)
    return { what: path, was: mine.at, is: what, same: false, finding: warn(code, text, seen, fix) }
  }
  if (baseline !== null && baseline.was !== is && mine.at > baseline.at) {
    const text = `${path} was written anew by ${step} on ${day(mine.at)}, as you asked.`
    return { what: path, was: 'as proven', is: `written anew by ${step}`, same: false, finding: pass(code, text, seen) }
  }
  return { what: path, was: is, is, same: true, finding: pass(code, `${path} is as ${step} wrote it.`, seen) }
}

function foreignFile(
  path: string,
  was: string | null,
  file: FileFact,
  journal: readonly JournalEntry[],
  since: string,
): Comparison {
  if (isUnknown(file)) return hidden(path, file.unknown)
  const is = file === null ? null : file.sha256
  const seen = evidence(path, hashed(was), hashed(is))
  if (was === is) return { what: path, was, is, same: true, finding: pass(codeOf(path), `${path} is as it was.`, seen) }
  return changedByUs(path, journal, since, seen) ?? changedByOthers(path, was, is, seen)
}

/** A step that wrote the file or took it back since; null: none did. */
function changedByUs(
  path: string,
  journal: readonly JournalEntry[],
  since: string,
  seen: Finding['evidence'],
): Comparison | null {
  const mine = journal.findLast((entry) => touches(entry, path))
  if (mine === undefined) return null
  const moment = mine.reverted?.at ?? mine.at
  if (moment <= since) return null
  const done = mine.change.kind === 'remove-file' ? 'taken out by' : 'written anew by'
  const how = `${mine.reverted === null ? done : 'taken back for'} step ${stepNumber(mine.step)}`
  const text = `${path} was ${how} on ${day(moment)}, as you asked.`
  return { what: path, was: 'as proven', is: how, same: false, finding: pass(codeOf(path), text, seen) }
}

function changedByOthers(path: string, was: string | null, is: string | null, seen: Finding['evidence']): Comparison {
  const change = is === null ? 'is gone' : was === null ? 'is new' : 'was changed'
  const text = `${path} ${change} since the card was last proven, and not by this program.`
  const fix = manualFix('Look at the file. If the VM still starts, its next proof takes it as good.')
  return { what: path, was: 'as proven', is: change, same: false, finding: warn(codeOf(path), text, seen, fix) }
}

function touches({ before, after }: JournalEntry, path: string): boolean {
  return [...before.files, ...(after?.files ?? [])].some((file) => file.path === path)
}

function hidden(path: string, why: string): Comparison {
  const finding = unknown(codeOf(path), `${path} cannot be read, so it was not compared.`, evidence(path, null, why))
  return { what: path, was: null, is: null, same: null, finding }
}

function together(same: readonly Comparison[]): Comparison[] {
  if (same.length === 0) return []
  const count = same.length === 1 ? 'One configuration file' : `${same.length} configuration files`
  const seen = same.flatMap(({ finding }) => finding.evidence.slice(0, 1))
  const finding = pass(
    'drift-files',
    `${count} ${same.length === 1 ? 'is' : 'are'} as this program or the last proof left them.`,
    seen,
  )
  return [{ what: 'Configuration files', was: `${same.length}`, is: `${same.length}`, same: true, finding }]
}

function hashed(sha256: string | null): string | null {
  return sha256 === null ? null : `sha256 ${sha256}`
}

function codeOf(path: string): CodeAbout {
  return { code: 'drift-file', about: path }
}

/** 2026-11-22 */
function day(at: string): string {
  return at.slice(0, 10)
}
