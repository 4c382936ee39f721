import { stderr, stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { functionLine, type GuestReport } from '#shared/facts/guest-report.ts'
import { DISC_DRIVE_WORDS, vmDisc } from '#shared/vm/disc.ts'
import type { VmEntry } from '#shared/vm/vm.ts'
import { VM_STATE_WORDS } from '#shared/vm/vm.ts'
import type { Command } from './arguments.ts'
import { newVm } from './new-vm.ts'

const SOURCE_WORDS = { serial: 'serial port', agent: 'guest agent' } as const

/** Drives a VM and prints what became of it; `prove` gives 1 when the guest does not see all of the card. */
export async function vm(studio: Studio, command: Command): Promise<number> {
  if (command.vm === 'list') return list(studio, command)
  if (command.vm === 'new') return newVm(studio, command)
  const name = command.vmName ?? studio.selectedVm()
  const ran = studio.entryOf(name).state === 'running'
  if (command.vm !== null) await DRIVE[command.vm](studio, name, { ran, disc: command.disc })
  // What could not be done although it runs.
  const { notice } = studio.current
  if (notice !== null) stderr.write(`${notice}\n`)
  const report = studio.reportOf(name)
  printState(studio, name, report, command)
  if (command.vm !== 'prove' || report === null) return 0
  if (!command.json) printReport(report)
  return proven(studio, name, ran)
}

async function proven(studio: Studio, name: string, ran: boolean): Promise<number> {
  const holds = studio.viewOf('launch').verdict.status === 'ok'
  // Only what was started for the proof ends with it.
  if (!ran) await studio.shutDownVm(name)
  return holds ? 0 : 1
}

/** Prints one line a VM; as JSON all that is known of each. */
function list({ current: { vms } }: Studio, { json }: Command): number {
  stdout.write(json ? `${JSON.stringify(vms, null, 2)}\n` : vms.map(line).join(''))
  return 0
}

function line({ name, state, detail, error, selected, configured }: VmEntry): string {
  const found = configured ? '' : ' Nothing was chosen for it here.'
  return `${selected ? '*' : ' '} ${name}: ${VM_STATE_WORDS[state]}. ${error ?? detail}${found}\n`
}

interface Told {
  /** It ran already. */
  ran: boolean
  disc: string | null
}

type Drive = (studio: Studio, name: string, told: Told) => Promise<void>

const DRIVE: Readonly<Record<Exclude<Command['vm'], 'list' | 'new' | null>, Drive>> = {
  // Opening looked at the host a moment ago.
  start: (studio, name) => studio.startVm(name, { looked: true }),
  stop: (studio, name) => studio.shutDownVm(name),
  kill: (studio, name) => studio.forceOffVm(name),
  reset: (studio, name) => studio.resetVm(name),
  discs: printDiscs,
  eject: async (studio, name) => {
    for (const { drive } of await studio.discs(name)) await studio.changeDisc(name, { drive, path: null })
    await printDiscs(studio, name)
  },
  insert: insertDisc,
  status: () => Promise.resolve(),
  prove: async (studio, name, { ran }) => {
    if (ran) await studio.selectVm(name)
    else await studio.startVm(name, { looked: true })
    // A proof guest that was just started has told already.
    if (ran || studio.definition()?.profile !== 'proof-guest') await studio.proveVm()
  },
}

async function insertDisc(studio: Studio, name: string, { disc }: Told): Promise<void> {
  if (disc === null)
    throw new ProblemError('usage', 'Which disc?', { hint: 'Say its absolute path, as in --disc /srv/windows.iso.' })
  const path = vmDisc.shape.path.safeParse(disc)
  if (!path.success)
    throw new ProblemError('usage', `"${disc}" is no absolute path.`, { hint: 'A path begins with a slash.' })
  const [first] = await studio.discs(name)
  if (first === undefined)
    throw new ProblemError('usage', `"${name}" has no drive now.`, {
      hint: 'It has one while it is up and step 8 names a disc for it.',
    })
  await studio.changeDisc(name, { drive: first.drive, path: path.data })
  await printDiscs(studio, name)
}

async function printDiscs(studio: Studio, name: string): Promise<void> {
  for (const { drive, path } of await studio.discs(name))
    stdout.write(`${DISC_DRIVE_WORDS[drive]}: ${path ?? 'none'}\n`)
}

function printState(studio: Studio, name: string, report: GuestReport | null, { json }: Command): void {
  const status = studio.statusOf(name)
  if (json) stdout.write(`${JSON.stringify({ status, report }, null, 2)}\n`)
  else
    stdout.write(
      `${status === null ? 'There is no VM yet.' : `${status.name}: ${VM_STATE_WORDS[status.state]}. ${status.detail}`}\n`,
    )
}

function printReport(report: GuestReport): void {
  const seen = report.functions.map((found) => `${functionLine(found)}\n`)
  stdout.write(`The guest reported at ${report.at}, by its ${SOURCE_WORDS[report.source]}:\n${seen.join('')}`)
}
