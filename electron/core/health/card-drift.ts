import type { Baseline, ProvenFunction } from '#shared/facts/baseline.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { idsOf, wayTo } from '#shared/facts/identity.ts'
import { type Device, deviceName, shortAddress } from '#shared/facts/pci.ts'
import type { Comparison } from '#shared/ipc/health.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import type { CodeAbout } from '../steps/step.ts'
import { fail, fixInStep, manualFix, pass } from '../steps/step.ts'
import { evidence } from './compare.ts'

const CHOOSE = fixInStep('cards', 'Choose the card again; addresses move when cards or firmware settings change.')
const SEAT = manualFix('Look whether the card is seated and powered, and whether firmware setup shows it.')

/** Compares each function that was handed over: still where it was, elsewhere, or gone. */
export function cardDrift({ functions }: Baseline, { devices }: Facts): Comparison[] {
  const stays = functions.filter((was) => holds(devices, was)).map((was) => was.address)
  return functions.map((was) => {
    const what = `Card function ${shortAddress(was.address)}`
    const now = devices.find((device) => device.address === was.address)
    const is = now === undefined ? null : describe(now)
    const seen = evidence(`/sys/bus/pci/devices/${was.address}`, `${was.address} ${was.ids} ${was.name}`, is)
    const same = stays.includes(was.address)
    if (same) {
      const text = `${shortAddress(was.address)} is ${was.name}, as it was.`
      return { what, was: was.name, is: was.name, same, finding: pass(codeOf(was), text, seen) }
    }
    const places = placesOf(was, devices, stays)
    return { what, was: was.name, is: places.join(', ') || is, same, finding: lost(was, places, now, seen) }
  })
}

/** Returns where it may be by now: where the same way leads, else wherever one with its ids is. */
function placesOf(was: ProvenFunction, devices: readonly Device[], stays: readonly string[]): string[] {
  const alike = devices.filter(
    (device) => idsOf(device) === was.ids && device.address !== was.address && !stays.includes(device.address),
  )
  const same = alike.filter((device) => wayTo(device, devices) === was.way)
  return (same.length > 0 ? same : alike).map((device) => shortAddress(device.address))
}

/** Codes are unique on a page: one for each function. */
function codeOf({ address }: ProvenFunction): CodeAbout {
  return { code: 'drift-card', about: address }
}

function holds(devices: readonly Device[], was: ProvenFunction): boolean {
  const there = devices.find((device) => device.address === was.address)
  if (there === undefined || idsOf(there) !== was.ids) return false
  return was.way === null || wayTo(there, devices) === was.way
}

function lost(was: ProvenFunction, places: string[], now: Device | undefined, seen: Finding['evidence']): Finding {
  const from = shortAddress(was.address)
  const code = codeOf(was)
  if (places.length === 1) return fail(code, `${from} is now ${places[0] ?? ''}: ${was.name} has moved.`, seen, CHOOSE)
  if (places.length > 1) {
    const text = `${was.name} is not at ${from} any more; functions with its ids are at ${places.join(' and at ')}.`
    return fail(code, text, seen, CHOOSE)
  }
  if (now !== undefined && idsOf(now) === was.ids)
    return fail(code, `${from} is ${was.name}, but behind other ports than it was.`, seen, CHOOSE)
  const instead = now === undefined ? '' : ` ${from} holds ${deviceName(now)} now.`
  return fail(code, `${was.name}, which was at ${from}, is not there any more.${instead}`, seen, SEAT)
}

function describe(device: Device): string {
  return `${device.address} ${idsOf(device)} ${deviceName(device)}`
}
