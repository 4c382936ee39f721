import { stdout } from 'node:process'
import type { Studio } from '../app/studio.ts'
import type { Command } from './arguments.ts'

/** Drives the VM; `prove` gives 1 when the guest does not see the card. */
export async function vm(studio: Studio, command: Command): Promise<number> {
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
