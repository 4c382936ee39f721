import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Device } from '#shared/facts/pci.ts'
import { badReset } from '#shared/units/bad-resets.ts'
import type { UnitReason, UnitVerdict, UnitWarning } from '#shared/units/unit-view.ts'
import { claimReasons } from './reasons/claims.ts'
import type { Facet, Unit } from './reasons/facet.ts'
import { refusals } from './reasons/refusals.ts'
import { workReasons } from './reasons/work.ts'

const ORDER = ['blocked', 'unknown', 'needs-work'] as const

/**
 * Judges a unit, the one judgement of what can be handed over, for steps, panels, diagnosis and command line. A refusal
 * outranks what is not known, which outranks work to be done. Functions of others count as much as its own: a group
 * goes as a whole (Documentation/driver-api/vfio.rst).
 */
export function judge(unit: Unit, facts: Facts): UnitVerdict {
  const found: Record<(typeof ORDER)[number], Facet[]> = {
    blocked: refusals(facts, unit),
    unknown: [...unknownReasons(facts, unit), ...claimReasons(facts, unit, 'may-need')],
    'needs-work': workReasons(facts, unit),
  }
  const all = ORDER.flatMap((status) => found[status].map((facet) => ({ need: null, ...facet, status })))
  const warnings = unit.functions.flatMap(resetWarnings)
  const [worst] = all
  if (worst === undefined) return { status: 'ready', reasons: [ready(unit)], lesser: [], warnings }
  const decides = (reason: UnitReason) => reason.status === worst.status
  const lesser = all.filter((reason) => !decides(reason))
  return { status: worst.status, reasons: all.filter(decides), lesser, warnings }
}

function ready({ lead, functions }: Unit): UnitReason {
  const what = functions.length === 1 ? 'It is' : 'All functions are'
  const drivers = [...new Set(functions.map(({ driver }) => driver ?? ''))].join(' and ')
  return { code: 'bound', text: `${what} held by ${drivers}.`, status: 'ready', address: lead.address, need: null }
}

function unknownReasons(facts: Facts, { groups }: Unit): Facet[] {
  const reasons: Facet[] = []
  const add = (code: string, text: string) => reasons.push({ code, text, address: null })
  if (facts.iommu.groups.length === 0 && isUnknown(facts.iommu.acpiTable))
    add('groups-unknown', `Its IOMMU group cannot be seen: ${facts.iommu.acpiTable.unknown}.`)
  if (isUnknown(facts.claims)) add('claims-unknown', `What the host needs cannot be read: ${facts.claims.unknown}.`)
  for (const { id, reserved } of groups) {
    if (isUnknown(reserved))
      add('reserved-unknown', `Reserved regions of group ${id} cannot be read: ${reserved.unknown}.`)
  }
  return reasons
}

function resetWarnings(device: Device): UnitWarning[] {
  const text = badReset(device)
  return text === null ? [] : [{ code: 'resets-badly', text, address: device.address }]
}
