import { createPatch } from 'diff'
import type { Studio } from '#app/studio.ts'
import { capital } from '#shared/base/text.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { accountOf } from '#shared/plan/account-of.ts'
import { changeText } from '#shared/plan/change.ts'
import type { Plan } from '#shared/plan/plan.ts'
import { VERDICT_LABELS } from '#shared/wizard/finding.ts'

/** The longest title is Definition. */
const TITLE_WIDTH = 10

/** One line a step: number, title, word, sentence; and what to do, where something is to be done. */
export function doctorText(steps: readonly StepView[]): string {
  return steps
    .map((step) => {
      const head = `${step.number}  ${step.title.padEnd(TITLE_WIDTH)} ${VERDICT_LABELS[step.verdict.status].padEnd(12)}`
      const fix = step.findings.find((finding) => finding.text === step.verdict.text)?.fix
      const advice = step.verdict.status === 'ok' || fix == null ? '' : ` ${fix.text}`
      return `${head} ${step.verdict.text}${advice}\n`
    })
    .join('')
}

export function allOk(steps: readonly StepView[]): boolean {
  return steps.every((step) => step.verdict.status === 'ok')
}

/** What a step would change; of one that cannot be planned, why. Then what the distribution has of its own for it. */
export function plannedText({ plan, verdict, hostText }: Pick<StepView, 'plan' | 'verdict' | 'hostText'>): string {
  const barred = verdict.status === 'unknown' || verdict.status === 'blocked'
  const own = hostText === null ? '' : `\n${hostText.title}\n${hostText.about}\n\n${hostText.text}`
  if (plan.changes.length === 0 && barred)
    return `Nothing is planned. ${capital(VERDICT_LABELS[verdict.status])}: ${verdict.text}\n${own}`
  return `${planText(plan)}${own}`
}

/** Returns a plan as a person reads it: each change with its reason, files as diffs. */
export function planText(plan: Plan): string {
  if (plan.changes.length === 0) return 'Nothing to change.\n'
  const blocks = plan.changes.map(({ change, reason, before }, index) => {
    const head = `${index + 1}. ${changeText(change)}\n   ${reason}\n`
    if (!('text' in change)) return head
    const patch = createPatch(change.path, before ?? '', change.text, undefined, undefined, { context: 3 })
    return `${head}${patch.split('\n').slice(2).join('\n')}`
  })
  const account = accountOf(plan)
  const tail = [
    plan.rebootNeeded ? 'A reboot is needed afterwards.' : '',
    plan.confirm === null ? '' : `${plan.confirm.danger} Apply with --confirm ${plan.confirm.type}.`,
    account === null
      ? ''
      : `Apply with --password-file FILE, whose first line is a password for ${account} in Windows.`,
  ]
  return `${blocks.join('\n')}\n${tail.filter((line) => line !== '').join('\n')}\n`
}

/** What is changed on a simulated host lasts as long as its program runs: a command, or the window. Empty for others. */
export function simulatedHint({ session: { host } }: Studio): string {
  if (host.kind !== 'simulated') return ''
  return 'Simulated: the next command begins with the workstation as it was. The window remembers until it is closed.\n'
}

/** Returns what a reboot is due for, after an action; empty when none is. */
export function rebootHint(studio: Studio, after: 'apply' | 'undo'): string {
  const { phase } = studio.current
  if (phase.kind !== 'needs-reboot' || phase.after !== after) return ''
  return after === 'apply' ? ' Reboot now to go on.' : ' The running kernel keeps its arguments until the next reboot.'
}
