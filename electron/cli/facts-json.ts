import { cardsOf } from '#core/units/units.ts'
import { unknownBecause, type UnknownFact } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'

const DEVICES = '/sys/bus/pci/devices/*'

/** Where each part of the facts comes from; a pasted text that does not answer it leaves the part unknown. */
const SECTIONS: Partial<Record<keyof Facts, string>> = {
  cpu: '/proc/cpuinfo',
  memory: '/proc/meminfo',
  kvm: '/dev',
  users: '/etc/passwd',
  vfioNodes: '/dev/vfio',
  network: '/sys/class/net',
  tools: '/usr/bin',
}

const FIELDS: Partial<Record<keyof Device, string>> = {
  vendorId: `${DEVICES}/vendor`,
  deviceId: `${DEVICES}/device`,
  classId: `${DEVICES}/class`,
  subsystem: `${DEVICES}/subsystem_vendor`,
  driver: `${DEVICES}/driver`,
  iommuGroup: `${DEVICES}/iommu_group`,
  bootVga: `${DEVICES}/boot_vga`,
}

type Shown = Record<string, unknown>

/** Facts in the shape others rely on: the schema's own, and the cards with their verdicts. */
export function factsJson(facts: Facts): string {
  const shown: Shown = { ...facts, cards: cardsOf(facts) }
  return `${JSON.stringify(facts.coverage === null ? shown : fromText(facts, facts.coverage), null, 2)}\n`
}

/** Returns the facts with `unknown` for whatever the text does not contain. */
function fromText(facts: Facts, told: readonly string[]): Shown {
  const cards = cardsOf(facts).map((card) => ({
    ...card,
    functions: card.functions.map((device) => deviceFromText(device, told)),
    iommuGroup: orUntold(card.iommuGroup, FIELDS.iommuGroup ?? '', told),
    // Without ids nothing can be said to be the same.
    identicalTo: card.functions.some((device) => device.vendorId === '') ? [] : card.identicalTo,
  }))
  return {
    ...facts,
    ...Object.fromEntries(
      Object.entries(SECTIONS).flatMap(([name, path]) => (told.includes(path) ? [] : [[name, untold(path)]])),
    ),
    devices: facts.devices.map((device) => deviceFromText(device, told)),
    cards,
  }
}

function deviceFromText(device: Device, told: readonly string[]): Shown {
  const shown: Shown = { ...device }
  for (const [name, path] of Object.entries(FIELDS)) shown[name] = orUntold(shown[name], path, told)
  return shown
}

/** Returns an empty value only if the text answers for it, else `unknown`. */
function orUntold(value: unknown, path: string, told: readonly string[]): unknown {
  if (value === '') return untold(path)
  return value === null && !told.includes(path) ? untold(path) : value
}

function untold(path: string): UnknownFact {
  return unknownBecause(`the text does not tell ${path}`)
}
