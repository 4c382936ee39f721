import { dirname, join } from 'node:path'
import { argv, stderr, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { problemLine, problemOf } from '../shared/problem.ts'
import { openSession } from './app/session.ts'
import { Studio } from './app/studio.ts'
import { apply } from './cli/apply.ts'
import { type Command, USAGE, parseCommand, withChoice } from './cli/arguments.ts'
import { diagnose } from './cli/diagnose.ts'
import { doctor } from './cli/doctor.ts'
import { facts } from './cli/facts.ts'
import { health } from './cli/health.ts'
import { keep } from './cli/keep.ts'
import { plan } from './cli/plan.ts'
import { report } from './cli/report.ts'
import { script } from './cli/script.ts'
import { undo } from './cli/undo.ts'
import { vm } from './cli/vm.ts'

const HELPER_SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'helper.cjs')

type Verb = (studio: Studio, command: Command) => number | Promise<number>

const VERBS: Readonly<Record<Exclude<Command['verb'], 'help'>, Verb>> = {
  doctor,
  health,
  facts,
  plan,
  apply,
  undo,
  keep,
  report,
  script,
  vm,
  diagnose,
}

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
  return VERBS[command.verb](studio, command)
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
