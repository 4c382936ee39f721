import { stdout } from 'node:process'
import type { Studio } from '#app/studio.ts'
import { newVmName } from '#shared/base/new-vm-name.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { bdfAddress, shortAddress } from '#shared/facts/pci.ts'
import type { Command } from './arguments.ts'

/** How long an address is as lspci prints it: 04:00.0. */
const SHORT = 7

/** Adds a VM as the window's page of step 8 does, and says what it takes and how to go on. */
export async function newVm(studio: Studio, { vmName: name, card, json }: Command): Promise<number> {
  if (name === null) throw new ProblemError('usage', 'Which name?', { hint: 'Say it, as in vm new office.' })
  const fits = newVmName.safeParse(name)
  if (!fits.success)
    throw new ProblemError('usage', `"${name}" is no name for a new VM: ${fits.error.issues[0]?.message ?? ''}.`, {
      hint: 'Say another one, as in vm new office.',
    })
  await studio.addVm(fits.data, card === null ? null : addressIn(card))
  const entry = studio.entryOf(fits.data)
  const { taken } = studio.situation()
  const what = taken.map((unit) => `${unit.name} at ${shortAddress(unit.address)}`).join(' and ')
  const takes = what === '' ? 'No card is reserved for it yet (step 4).' : `It takes ${what}.`
  const say = `"${entry.name}" is new and selected; nothing is written yet. ${takes} Choose what it is by --choice with plan or apply definition.`
  stdout.write(json ? `${JSON.stringify(entry, null, 2)}\n` : `${say}\n`)
  return 0
}

/** Takes an address without its domain too, as lspci prints it. */
function addressIn(card: string): string {
  const full = bdfAddress.safeParse(card.length === SHORT ? `0000:${card}` : card)
  if (full.success) return full.data
  throw new ProblemError('usage', `"${card}" is no address of a card.`, {
    hint: 'It looks like 0000:04:00.0 or 04:00.0; doctor and step 4 name the cards.',
  })
}
