import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { Comparison, Health } from '#shared/ipc/health.ts'
import type { FindingStatus } from '#shared/wizard/finding.ts'
import { VERDICT_LABELS } from '#shared/wizard/finding.ts'
import type { Command } from './arguments.ts'

const WORDS: Readonly<Record<FindingStatus, string>> = {
  pass: 'same',
  warn: 'changed',
  fail: 'changed',
  unknown: 'not read',
  'after-reboot': 'later',
}

/** Prints whether the host is what it was when a guest last proved the card; 1 when it is not, or that is unknown. */
export function health(studio: Studio, command: Command): number {
  const { health: known } = studio.current
  if (known === null) throw new ProblemError('internal', 'The host was not looked at.')
  stdout.write(command.json ? `${JSON.stringify(known, null, 2)}\n` : healthText(known))
  return known.verdict.status === 'ok' ? 0 : 1
}

/** Returns the verdict, then one line for each thing that was compared, with the way on below what changed. */
export function healthText({ verdict, compared, proven }: Health): string {
  const way = proven === null ? 'Start the VM: the first guest that reports the card makes the last known good.\n' : ''
  return [`${VERDICT_LABELS[verdict.status]}: ${verdict.text}\n`, way, ...compared.map(line)].join('')
}

function line({ same, finding }: Comparison): string {
  const word = same === false && finding.status === 'pass' ? 'by you' : WORDS[finding.status]
  const fix = finding.status === 'pass' || finding.fix === null ? '' : `${' '.repeat(11)}${finding.fix.text}\n`
  return `  ${word.padEnd(9)}${finding.text}\n${fix}`
}
