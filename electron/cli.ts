import { dirname } from 'node:path'
import { argv, stderr, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ProblemError, problemLine, problemOf } from '#shared/base/problem.ts'
import type { StudioState } from './app/engine-state.ts'
import { type Program, readProgram } from './app/privilege/program.ts'
import { openSession } from './app/session/session.ts'
import { Studio } from './app/studio.ts'
import { apply } from './cli/apply.ts'
import { type Command, parseCommand, withChoice } from './cli/arguments.ts'
import { diagnose } from './cli/diagnose.ts'
import { doctor } from './cli/doctor.ts'
import { facts } from './cli/facts.ts'
import { health } from './cli/health.ts'
import { helper } from './cli/helper.ts'
import { keep } from './cli/keep.ts'
import { USAGE } from './cli/manual/manual.ts'
import { plan } from './cli/plan.ts'
import { report } from './cli/report.ts'
import { script } from './cli/script.ts'
import { vm } from './cli/vm.ts'
import { journal } from './cli/way-back/journal.ts'
import { leave } from './cli/way-back/leave.ts'
import { setJournalAside } from './cli/way-back/set-journal-aside.ts'
import { undo } from './cli/way-back/undo.ts'

/** Where this program's bundles lie. */
const DIRECTORY = dirname(fileURLToPath(import.meta.url))

type Verb = (studio: Studio, command: Command, program: Program) => number | Promise<number>

/** Verbs that need no look at the host. */
const AT_ONCE = {
  help: () => {
    stdout.write(USAGE)
    return 0
  },
  version: async () => {
    stdout.write(`passthrough-studio ${(await readProgram(DIRECTORY)).build.version}\n`)
    return 0
  },
  helper: (command: Command) => helper(DIRECTORY, command),
  journal,
} as const

type AtOnce = keyof typeof AT_ONCE

const VERBS: Readonly<Record<Exclude<Command['verb'], AtOnce>, Verb>> = {
  doctor,
  health,
  facts,
  plan,
  apply,
  undo,
  leave,
  'set-journal-aside': setJournalAside,
  keep,
  report,
  script,
  vm,
  diagnose,
}

/** Runs one verb and gives the exit code: 0 done, 1 not all well, 2 usage or a problem. */
async function run(command: Command): Promise<number> {
  const { verb } = command
  if (isAtOnce(verb)) {
    assertThisHost(command)
    return AT_ONCE[verb](command)
  }
  let shown = ''
  const show = ({ phase }: Pick<StudioState, 'phase'>) => {
    const text = phase.kind === 'applying' || phase.kind === 'undoing' ? phase.text : shown
    if (text !== shown && !command.json) stderr.write(`${text}\n`)
    shown = text
  }
  const session = await openSession(command.host, DIRECTORY)
  const studio: Studio = new Studio(session, { changed: () => show(studio.current), progress: show })
  await studio.open()
  const { notice } = studio.current
  // The state of a VM is printed with it.
  if (notice !== null && verb !== 'vm') stderr.write(`${notice}\n`)
  await choose(studio, command)
  return VERBS[verb](studio, command, await readProgram(DIRECTORY))
}

/** Takes in what --choice says, and says so where by that the VM gets another name. */
async function choose(studio: Studio, { choice, step }: Command): Promise<void> {
  if (choice === null || step === null) return
  const former = studio.selectedVm()
  await studio.choose(withChoice(studio.current.saved.choices, step, choice))
  const name = studio.selectedVm()
  if (name === former) return
  const how = 'For another VM beside it: passthrough-studio vm new NAME.'
  stderr.write(`The VM "${former}" is called "${name}" from now on, and keeps its card and choices. ${how}\n`)
}

/** Throws where a verb about this program and this host is used for another host. */
function assertThisHost({ verb, host }: Command): void {
  if (host === 'real') return
  throw new ProblemError('usage', `"${verb}" is about this computer only, so it takes no --host.`, {
    hint: 'Leave --host out.',
  })
}

function isAtOnce(verb: Command['verb']): verb is AtOnce {
  return verb in AT_ONCE
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
