import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Leftover } from '#shared/ipc/leftover.ts'
import { type Judged, type JudgedHost, judgedHost, type Reserving } from './host-of.ts'
import { judgeRule } from './rules.ts'
import { judgeScript, movesOf } from './scripts.ts'
import { judgeWord } from './words.ts'

const OURS = new Set<string>(Object.values(OWN_FILES).filter((path) => path.includes('passthrough-studio')))

/**
 * Returns what earlier guides may have had somebody leave on this host, each with what it means for what is reserved
 * now. The one judge of such lines; nothing of this program's own is among them.
 */
export function leftoversOf(situation: Reserving): Leftover[] {
  const host = judgedHost(situation)
  const found = [...words(host), ...rules(host), ...scripts(host)]
  return [...together(found), ...unread(situation)]
}

function words(host: JudgedHost): Leftover[] {
  const { args, source } = host.cmdline
  return [...new Set(args)].flatMap((token) => asLeftover(source, token, judgeWord(token, host)))
}

/** An administrator's own configuration; what a distribution ships is below /usr. */
function rules(host: JudgedHost): Leftover[] {
  const own = host.facts.driverRules.lines.filter(({ source }) => source.startsWith('/etc/') && !OURS.has(source))
  return own.flatMap((rule) => asLeftover(rule.source, rule.line, judgeRule(rule, host)))
}

/** A script is judged as a whole, for one line names a device and another moves it. */
function scripts(host: JudgedHost): Leftover[] {
  const { lines } = host.facts.driverScripts
  const sources = [...new Set(lines.map(({ source }) => source))]
  return sources.flatMap((source) => {
    const own = lines.filter((each) => each.source === source).map(({ line }) => line)
    return own.flatMap((line) => asLeftover(source, line, judgeScript(source, own, movesOf(line), host)))
  })
}

function asLeftover(source: string, line: string, judged: Judged | null): Leftover[] {
  if (judged === null) return []
  const { does, ...rest } = judged
  return [{ source, lines: [{ line, does }], ...rest }]
}

/** Puts lines of one place that mean the same into one. */
function together(found: readonly Leftover[]): Leftover[] {
  const byMeaning = new Map<string, Leftover>()
  for (const { lines, ...rest } of found) {
    const key = JSON.stringify(rest)
    byMeaning.set(key, { ...rest, lines: [...(byMeaning.get(key)?.lines ?? []), ...lines] })
  }
  return [...byMeaning.values()]
}

/** What could not be read may hold more of them. Of a pasted text that is everything but what it tells. */
function unread({ facts: { driverRules, driverScripts, coverage } }: Reserving): Leftover[] {
  if (coverage !== null) return [hidden('/etc', 'The text does not tell the configuration of this host.')]
  const closed = [
    ...driverRules.unread.map((source) => hidden(source, 'It cannot be read.')),
    ...driverScripts.unread.map(({ source, why }) => hidden(source, `It cannot be read: ${why}.`)),
  ]
  return driverScripts.cut ? [...closed, hidden('/etc', 'There are more lines of scripts than are shown.')] : closed
}

function hidden(source: string, why: string): Leftover {
  return { source, lines: [], standing: 'unknown', why, step: null }
}
