import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { argv, stderr, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ProblemError, problemLine, problemOf } from '../shared/problem.ts'
import { isUnknown } from '../shared/unknown.ts'
import { diagnoseHost, diagnoseText } from './app/diagnosis.ts'
import { recordHost } from './app/record-host.ts'
import { openSession } from './app/session.ts'
import { Studio } from './app/studio.ts'
import { type Command, USAGE, parseCommand, withChoice } from './cli/arguments.ts'
import { diagnosisJson, diagnosisText, readGiven } from './cli/diagnosis.ts'
import { factsJson } from './cli/facts-json.ts'
import { report } from './cli/report.ts'
import { STATUS_WORDS, allOk, doctorText, planText } from './cli/print.ts'
import { paperScript } from './machine/paper-script.ts'
import { startScript } from './machine/script.ts'

const HELPER_SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'helper.cjs')

/** Runs one verb and gives the exit code: 0 done, 1 not all well, 2 usage or a problem. */
async function run(command: Command): Promise<number> {
  if (command.verb === 'help') {
    stdout.write(USAGE)
    return 0
  }
  let shown = ''
  const studio: Studio = new Studio(await openSession(command.host, HELPER_SCRIPT), () => {
    const { phase } = studio.current
    const text = phase.kind === 'applying' || phase.kind === 'undoing' ? phase.text : shown
    if (text !== shown && !command.json) stderr.write(`${text}\n`)
    shown = text
  })
  await studio.open()
  if (command.choice !== null && command.step !== null) {
    await studio.choose(withChoice(studio.current.saved.choices, command.step, command.choice))
  }
  return act(studio, command)
}

async function act(studio: Studio, command: Command): Promise<number> {
  switch (command.verb) {
    case 'doctor':
      return doctor(studio, command)
    case 'facts':
      return facts(studio, command)
    case 'plan':
      return plan(studio, command)
    case 'apply':
      return apply(studio, command)
    case 'undo':
      return undo(studio, command)
    case 'keep':
      return keep(studio, command)
    case 'report':
      return report(studio, command)
    case 'script':
      return script(studio, command)
    case 'vm':
      return vm(studio, command)
    case 'diagnose':
      return diagnose(studio, command)
    case 'help':
      return 0
  }
}

function doctor(studio: Studio, command: Command): number {
  const { steps, notice } = studio.current
  if (command.json) stdout.write(`${JSON.stringify(steps, null, 2)}\n`)
  else stdout.write(`${doctorText(steps)}${notice === null ? '' : `${notice}\n`}`)
  return allOk(steps) ? 0 : 1
}

async function facts(studio: Studio, command: Command): Promise<number> {
  const { facts: known } = studio.current
  if (known === null) throw new ProblemError('internal', 'The host was not looked at.')
  if (command.record !== null) await record(studio, command.record)
  stdout.write(factsJson(known))
  return 0
}

async function record(studio: Studio, directory: string): Promise<void> {
  const recorded = await recordHost(studio.session.host, studio.current.saved.proofs)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'host.json'), `${JSON.stringify(recorded, null, 1)}\n`)
}

function plan(studio: Studio, command: Command): number {
  const view = studio.viewOf(command.step ?? 'platform')
  stdout.write(command.json ? `${JSON.stringify(view.plan, null, 2)}\n` : planText(view.plan))
  return 0
}

async function apply(studio: Studio, command: Command): Promise<number> {
  const id = command.step ?? 'platform'
  const { refusal } = studio.session
  if (refusal !== null) throw refusal
  const { plan: current, verdict } = studio.viewOf(id)
  if (current.changes.length > 0) await studio.apply(current.id, command.confirm)
  else if (verdict.status === 'blocked' || verdict.status === 'needs-work')
    throw new ProblemError('refused', verdict.text)
  const view = studio.viewOf(id)
  stdout.write(
    command.json
      ? `${JSON.stringify(view, null, 2)}\n`
      : `${STATUS_WORDS[view.verdict.status]}: ${view.verdict.text}${rebootHint(studio, 'apply')}${keepHint(studio)}\n`,
  )
  return view.verdict.status === 'ok' || view.verdict.status === 'after-reboot' ? 0 : 1
}

/** A new network goes back by itself; whoever made it over SSH has to be told how to keep it. */
function keepHint(studio: Studio): string {
  const guard = studio.current.facts?.network.guard ?? null
  if (guard === null) return ''
  const time = new Date(guard.until).toLocaleTimeString()
  return ` It goes back by itself at ${time} unless you run "passthrough-studio keep" before.`
}

async function keep(studio: Studio, command: Command): Promise<number> {
  const { refusal } = studio.session
  if (refusal !== null) throw refusal
  await studio.keepNetwork()
  const { verdict } = studio.viewOf('network')
  stdout.write(command.json ? `${JSON.stringify({ verdict })}\n` : `The new network is kept. ${verdict.text}\n`)
  return 0
}

function rebootHint(studio: Studio, after: 'apply' | 'undo'): string {
  const { phase } = studio.current
  if (phase.kind !== 'needs-reboot' || phase.after !== after) return ''
  return after === 'apply' ? ' Reboot now to go on.' : ' The running kernel keeps its arguments until the next reboot.'
}

async function undo(studio: Studio, command: Command): Promise<number> {
  const open = studio.current.journal.filter((entry) => entry.reverted === null)
  if (open.length === 0) {
    stdout.write('There is nothing to take back.\n')
    return 0
  }
  const notes = await studio.undo({ kind: command.scope })
  stdout.write(
    command.json ? `${JSON.stringify({ notes })}\n` : `${studio.current.notice ?? ''}${rebootHint(studio, 'undo')}\n`,
  )
  return notes.length === 0 ? 0 : 1
}

function script(studio: Studio, command: Command): number {
  const { facts: known } = studio.current
  const definition = studio.definition()
  if (definition === null || known === null || known.qemu === null || isUnknown(known.qemu)) {
    throw new ProblemError('vm', 'There is no VM to write a script for.', {
      hint: 'A card has to be chosen (step 4) and QEMU installed.',
    })
  }
  stdout.write(command.paper ? paperScript(definition) : startScript(definition, known.qemu))
  return 0
}

async function vm(studio: Studio, command: Command): Promise<number> {
  if (command.vm === 'start' || command.vm === 'prove') await studio.startVm()
  if (command.vm === 'stop') await studio.shutDownVm()
  const { vm: status, saved } = studio.current
  const report = saved.proofs.guestReport
  if (command.json) stdout.write(`${JSON.stringify({ status, report }, null, 2)}\n`)
  else
    stdout.write(`${status === null ? 'There is no VM yet.' : `${status.name}: ${status.state}. ${status.detail}`}\n`)
  if (command.vm !== 'prove' || report === null) return 0
  if (!command.json) {
    const seen = report.functions.map(
      (found) => `${found.address} ${found.vendorId}:${found.deviceId} class ${found.classId}\n`,
    )
    stdout.write(`The guest reported at ${report.at}:\n${seen.join('')}`)
  }
  const proven = studio.viewOf('launch').verdict.status === 'ok'
  await studio.shutDownVm()
  return proven ? 0 : 1
}

async function diagnose(studio: Studio, command: Command): Promise<number> {
  const { facts: known } = studio.current
  if (known === null) throw new ProblemError('internal', 'The host was not looked at.')
  const given = command.file === null ? null : await readGiven(command.file)
  const diagnosis = given === null ? await diagnoseHost(studio) : diagnoseText(given.text, given.source, known)
  stdout.write(command.json ? diagnosisJson(diagnosis) : diagnosisText(diagnosis))
  return diagnosis.groups.length > 0 ? 0 : 1
}

async function main(): Promise<number> {
  let json = false
  try {
    const command = parseCommand(argv.slice(2))
    json = command.json
    return await run(command)
  } catch (thrown) {
    const problem = problemOf(thrown)
    if (json) stdout.write(`${JSON.stringify({ problem })}\n`)
    stderr.write(`passthrough-studio: ${problemLine(problem)}\n`)
    if (problem.code === 'internal' && problem.detail !== null) stderr.write(`${problem.detail}\n`)
    return 2
  }
}

process.exitCode = await main()
