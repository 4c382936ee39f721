import { stdout } from 'node:process'
import { type GuestReport, functionLine } from '../../shared/vm/guest-report.ts'
import type { Studio } from '../app/studio.ts'
import type { Command } from './arguments.ts'

const SOURCE_WORDS = { serial: 'serial port', agent: 'guest agent' } as const

/** Drives the VM and prints what became of it; `prove` gives 1 when the guest does not see all of the card. */
export async function vm(studio: Studio, command: Command): Promise<number> {
  const ran = studio.current.vm?.state === 'running'
  if (command.vm !== null) await DRIVE[command.vm](studio, ran)
  const { vm: status, saved } = studio.current
  const report = saved.proofs.guestReport
  if (command.json) stdout.write(`${JSON.stringify({ status, report }, null, 2)}\n`)
  else
    stdout.write(`${status === null ? 'There is no VM yet.' : `${status.name}: ${status.state}. ${status.detail}`}\n`)
  if (command.vm !== 'prove' || report === null) return 0
  if (!command.json) printReport(report)
  const proven = studio.viewOf('launch').verdict.status === 'ok'
  // Only what was started for the proof ends with it.
  if (!ran) await studio.shutDownVm()
  return proven ? 0 : 1
}

const DRIVE: Readonly<Record<NonNullable<Command['vm']>, (studio: Studio, ran: boolean) => Promise<void>>> = {
  start: (studio) => studio.startVm(),
  stop: (studio) => studio.shutDownVm(),
  kill: (studio) => studio.forceOffVm(),
  status: () => Promise.resolve(),
  prove: async (studio, ran) => {
    if (!ran) await studio.startVm()
    // A proof guest that was just started has told already.
    if (ran || studio.definition()?.profile !== 'proof-guest') await studio.proveVm()
  },
}

function printReport(report: GuestReport): void {
  const seen = report.functions.map((found) => `${functionLine(found)}\n`)
  stdout.write(`The guest reported at ${report.at}, by its ${SOURCE_WORDS[report.source]}:\n${seen.join('')}`)
}
