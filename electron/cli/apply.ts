import { stderr, stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'
import { VERDICT_LABELS } from '#shared/wizard/finding.ts'
import type { Command } from './arguments.ts'
import { readPassword } from './password.ts'
import { planText, rebootHint, simulatedHint } from './print.ts'

/** Carries out what a step plans; 1 when the step is not proven by it. */
export async function apply(studio: Studio, command: Command): Promise<number> {
  const id = command.step ?? 'platform'
  const { refusal } = studio.session.privilege.access
  if (refusal !== null) throw refusal
  const { plan: current, verdict } = await openedView(studio, id)
  if (current.changes.length > 0) {
    // Before a password is asked for it has to be seen what for; the answer alone goes to the standard output.
    if (!command.json) stderr.write(planText(current))
    await studio.apply(current.id, command.confirm, await readPassword(command.passwordFile))
  } else if (verdict.status === 'blocked' || verdict.status === 'needs-work')
    throw new ProblemError('refused', verdict.text, { hint: 'Nothing was changed. "doctor" lists all nine steps.' })
  const view = studio.viewOf(id)
  if (command.json) stdout.write(`${JSON.stringify(view, null, 2)}\n`)
  else say(studio, view)
  return view.verdict.status === 'ok' || view.verdict.status === 'after-reboot' ? 0 : 1
}

/** Has root read the boot menu first where nothing can be planned without: a password that changes nothing. */
async function openedView(studio: Studio, id: StepView['id']): Promise<StepView> {
  const view = studio.viewOf(id)
  const closed = view.findings.some(({ status, fix }) => status === 'unknown' && fix?.action === 'read-closed')
  if (view.plan.changes.length > 0 || !closed) return view
  stderr.write(`${view.verdict.text} It is read as root first, which changes nothing.\n`)
  await studio.readBootMenu()
  return studio.viewOf(id)
}

function say(studio: Studio, { verdict: { status, text } }: StepView): void {
  stdout.write(`${VERDICT_LABELS[status]}: ${text}${rebootHint(studio, 'apply')}${keepHint(studio)}\n`)
  stderr.write(simulatedHint(studio))
}

/** Returns how to confirm a new network, which is undone by itself otherwise: it may have been made over SSH. */
function keepHint(studio: Studio): string {
  const guard = studio.current.facts?.network.guard ?? null
  if (guard === null) return ''
  const time = new Date(guard.until).toLocaleTimeString()
  return ` It goes back by itself at ${time} unless you run "passthrough-studio keep" before.`
}
