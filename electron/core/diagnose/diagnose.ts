import type { Facts } from '#shared/facts/facts.ts'
import type { Answer, Diagnosis } from '#shared/ipc/diagnosis.ts'
import { CHECKS } from './evidence/checks.ts'
import { seenIn } from './evidence/seen.ts'
import { excerpt, normalise, type NormalText } from './normalise.ts'
import { compile, find, findWords, type Pattern, type Place } from './pattern.ts'
import { type Hit, rank } from './rank.ts'
import type { Rule } from './rule.ts'
import { RULES } from './rules/all.ts'

/** More than this is cut at its beginning: what went wrong last stands at the end of a log. In characters. */
export const MAX_TEXT = 10_000_000
const MAX_QUOTE = 300

interface Compiled {
  rule: Rule
  says: readonly Pattern[]
  words: readonly (readonly Pattern[])[]
  unless: readonly Pattern[]
}

const COMPILED: readonly Compiled[] = RULES.map((rule) => ({
  rule,
  says: rule.says.map(compile),
  words: (rule.words ?? []).map((all) => all.map(compile)),
  unless: (rule.unless ?? []).map(compile),
}))

/** Recognises known failures in a text, and in the facts of this host. Pure; the same text gives the same answers. */
export function diagnose(text: string, facts: Facts): Pick<Diagnosis, 'note' | 'groups'> {
  const normal = normalise(text.slice(-MAX_TEXT))
  const hits = COMPILED.flatMap((compiled) => hitOf(compiled, normal, facts))
  return { note: cutNote(text.length), groups: rank(hits).map((group) => group.map(answerOf)) }
}

function cutNote(length: number): string | null {
  return length > MAX_TEXT ? `Only the last ${MAX_TEXT / 1_000_000} MB were read.` : null
}

function hitOf({ rule, says, words, unless }: Compiled, text: NormalText, facts: Facts): Hit[] {
  const place = placeOf(says, words, text)
  if (place !== null && !unless.some((pattern) => find(text, pattern) !== null)) {
    const lines = text.lines.slice(place.from, place.to + 1)
    const shown = CHECKS[rule.check](facts, seenIn(lines.join('')))
    const quote = excerpt(lines.join(' '), place.at - (text.starts[place.from] ?? 0), MAX_QUOTE)
    return [{ rule, place: { at: place.at, quote }, shown }]
  }
  if (rule.byFacts !== true) return []
  const shown = CHECKS[rule.check](facts, seenIn(''))
  return shown.state === 'yes' ? [{ rule, place: null, shown }] : []
}

function placeOf(says: readonly Pattern[], words: readonly (readonly Pattern[])[], text: NormalText): Place | null {
  for (const pattern of says) {
    const found = find(text, pattern)
    if (found !== null) return found
  }
  for (const all of words) {
    const found = findWords(text, all)
    if (found !== null) return found
  }
  return null
}

function answerOf({ rule, place, shown }: Hit): Answer {
  const { id, where, severity, cause, fix, step } = rule
  return { id, where, severity, cause, fix, step, line: place?.quote ?? null, evidenceHere: shown.text }
}
