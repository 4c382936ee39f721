import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ProblemError } from '#shared/base/problem.ts'
import { type ChangeName, parseChangeName } from '#shared/plan/change-name.ts'
import { type Choices, choices } from '#shared/wizard/choices.ts'
import { STEP_IDS, type StepId, stepId } from '#shared/wizard/step-id.ts'
import { HELPER_VERBS, VERB_NAMES, type VerbName, VM_VERBS } from './manual/manual.ts'

export interface Command {
  verb: VerbName
  step: StepId | null
  vm: (typeof VM_VERBS)[number] | null
  helper: (typeof HELPER_VERBS)[number] | null
  /** Which change to leave as it is; null: the verb is about none. */
  change: ChangeName | null
  /** Which VM to drive; null: the selected one. */
  vmName: string | null
  host: string
  json: boolean
  choice: string | null
  confirm: string | null
  /** Where the password of the account in a guest stands: a path, or `-` for standard input. */
  passwordFile: string | null
  record: string | null
  /** The disc for vm insert. */
  disc: string | null
  /** The card for vm new, by its address as lspci or sysfs writes it. */
  card: string | null
  out: string | null
  /** What to diagnose: a path, `-` for standard input, null for the logs of the host. */
  file: string | null
  scope: 'last' | 'all'
  paper: boolean
}

const OPTIONS = {
  host: { type: 'string', default: 'real' },
  json: { type: 'boolean', default: false },
  choice: { type: 'string' },
  confirm: { type: 'string' },
  'password-file': { type: 'string' },
  record: { type: 'string' },
  disc: { type: 'string' },
  card: { type: 'string' },
  out: { type: 'string' },
  last: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  paper: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const

function usage(message: string): ProblemError {
  return new ProblemError('usage', message, { hint: 'Try "passthrough-studio help".' })
}

/** Reads the command line. Throws `usage` for anything it does not know. */
export function parseCommand(argv: string[]): Command {
  const { values, positionals } = parse(argv)
  const verb = verbOf(values, positionals)
  const step = verb === 'plan' || verb === 'apply' ? readStep(positionals[1]) : null
  const vm = verb === 'vm' ? readVmVerb(positionals[1]) : null
  const helper = verb === 'helper' ? readHelperVerb(positionals[1]) : null
  const change = verb === 'leave' ? readChange(positionals[1]) : null
  const file = fileOf(verb, positionals[1])
  const name = nameOf(vm, positionals[2])
  refuseExtra(positionals, 1 + [step ?? vm ?? helper ?? change ?? file, name].filter((word) => word !== null).length)
  return { ...readOptions(values), verb, step, vm, helper, change, vmName: name, file }
}

function verbOf({ help, version }: Options, [word]: readonly string[]): VerbName {
  if (help) return 'help'
  return version ? 'version' : readVerb(word ?? 'help')
}

function nameOf(vm: Command['vm'], word: string | undefined): string | null {
  return vm === null || vm === 'list' ? null : (word ?? null)
}

function fileOf(verb: Command['verb'], word: string | undefined): string | null {
  return verb === 'diagnose' ? (word ?? null) : null
}

function refuseExtra(positionals: readonly string[], expected: number): void {
  const extra = positionals[expected]
  if (extra !== undefined) throw usage(`"${extra}" is one word too many.`)
}

type Options = ReturnType<typeof parse>['values']

function readOptions(values: Options): Omit<Command, 'verb' | 'step' | 'vm' | 'helper' | 'change' | 'vmName' | 'file'> {
  if (values.all && values.last) throw usage('--last and --all exclude each other.')
  const { host, json, paper, choice = null, confirm = null, record = null, out = null } = values
  const { 'password-file': passwordFile = null, all } = values
  return { host, json, paper, choice, confirm, passwordFile, record, out, ...ofVm(values), scope: all ? 'all' : 'last' }
}

/** What only verbs of a VM take. */
function ofVm({ disc, card }: Options): Pick<Command, 'disc' | 'card'> {
  return { disc: disc ?? null, card: card ?? null }
}

function readVerb(word: string): Command['verb'] {
  const verb = z.enum(VERB_NAMES).safeParse(word)
  if (verb.success) return verb.data
  throw usage(`"${word}" is not a verb.`)
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true })
  } catch (thrown) {
    throw usage(thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown))
  }
}

function readStep(word: string | undefined): StepId {
  const step = stepId.safeParse(word)
  if (step.success) return step.data
  throw usage(word === undefined ? 'Which step?' : `"${word}" is not a step. Steps are ${STEP_IDS.join(', ')}.`)
}

function readChange(word: string | undefined): ChangeName {
  const name = word === undefined ? null : parseChangeName(word)
  if (name !== null) return name
  throw usage(
    word === undefined
      ? 'Which change? "passthrough-studio journal" names those that can be left.'
      : `"${word}" names no change; "passthrough-studio journal" names those that can be left.`,
  )
}

function readVmVerb(word: string | undefined): Command['vm'] {
  const verb = z.enum(VM_VERBS).safeParse(word)
  if (verb.success) return verb.data
  throw usage(`"vm ${word ?? ''}" is not known; say ${VM_VERBS.slice(0, -1).join(', ')} or ${VM_VERBS.at(-1) ?? ''}.`)
}

function readHelperVerb(word = 'status'): Command['helper'] {
  const verb = z.enum(HELPER_VERBS).safeParse(word)
  if (verb.success) return verb.data
  throw usage(`"helper ${word}" is not known; say status, install or remove.`)
}

/** Returns the choices with one step's part replaced by what --choice says; what it leaves out stays. */
export function withChoice(all: Choices, step: StepId, json: string): Choices {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw usage(`--choice is not JSON: ${json}`)
  }
  const given = typeof value === 'object' && value !== null ? value : {}
  const merged = choices.safeParse({ ...all, [step]: { ...all[step], ...given } })
  if (merged.success) return merged.data
  throw usage(`--choice does not fit step ${step}: ${merged.error.issues[0]?.message ?? 'unknown field'}.`)
}
