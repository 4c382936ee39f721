import { classWords, type Device, shortAddress } from '#shared/facts/pci.ts'
import type { Availability } from '#shared/ipc/device-row.ts'
import { hostPart } from '#shared/units/host-parts.ts'
import type { UnitView } from '#shared/units/unit-view.ts'

/** What step 5 does anyway; a device of which nothing else is said can be passed. */
const OWN_WORK: ReadonlySet<string> = new Set(['held-by-host', 'boot-vga'])

interface Judgement {
  availability: Availability
  verdict: string
}

/** Returns the judgement of its unit, in words about this function. */
export function deviceVerdict(device: Device, takes: readonly Device[], unit: UnitView | null): Judgement {
  if (unit === null)
    return {
      availability: 'host',
      verdict: `Stays with the host: ${hostPart(device) ?? 'it is a part of the processor or the chipset'}.`,
    }
  const judged = unitVerdict(unit, takes)
  const own = unit.verdict.reasons.find(({ address, need }) => address === device.address && need !== null)
  if (own !== undefined && judged.availability === 'host')
    return { ...judged, verdict: `Stays with the host: ${own.need ?? ''}.` }
  return unit.address === device.address ? judged : beside(unit, judged)
}

/** Judges a function beside the lead of its unit: it is as ready as what it goes with. */
function beside({ name, address, verdict }: UnitView, judged: Judgement): Judgement {
  if (verdict.status === 'blocked' || judged.availability === 'goes-along') return judged
  const availability = judged.availability === 'ready' ? 'goes-along' : judged.availability
  return { availability, verdict: `Goes with ${name} at ${shortAddress(address)}.` }
}

function unitVerdict(unit: UnitView, takes: readonly Device[]): Judgement {
  const { kind, verdict, functions } = unit
  const reason = verdict.reasons[0]?.text ?? ''
  if (verdict.status === 'blocked') return { availability: 'host', verdict: reason }
  if (verdict.status === 'unknown') return { availability: 'unknown', verdict: reason }
  const company = companyOf(functions)
  if (verdict.status === 'ready')
    return { availability: 'ready', verdict: `Handed over: group ${unit.iommuGroup ?? ''}${company}.` }
  const shared = kind === 'device' && verdict.reasons.some(({ code }) => code === 'group-shared')
  const work = verdict.reasons.find(({ code }) => !OWN_WORK.has(code) && !(shared && code === 'group-shared'))
  if (work !== undefined) return { availability: 'needs-work', verdict: work.text }
  if (shared) return { availability: 'goes-along', verdict: `Can be passed only together with ${names(takes)}.` }
  return { availability: 'ready', verdict: `Can be passed: ${aloneIn(unit)}${company}.` }
}

function companyOf(functions: readonly Device[]): string {
  const others = functions.slice(1).map((device) => classWords(device.classId))
  return others.length === 0 ? '' : ` with its ${[...new Set(others)].join(', ')}`
}

function aloneIn({ functions, bridges, groups, groupMembers }: UnitView): string {
  const own = functions.map((device) => device.address)
  const others = groupMembers.filter((address) => !own.includes(address))
  const where = `group${groups.length === 1 ? '' : 's'} ${groups.join(', ')}`
  if (others.length === 0) return `alone in ${where}`
  return others.every((address) => bridges.includes(address))
    ? `but for bridges alone in ${where}`
    : `nothing else of the host works in ${where}`
}

function names(devices: readonly Device[]): string {
  const shown = devices.slice(0, 3).map((device) => `${shortAddress(device.address)} (${classWords(device.classId)})`)
  return devices.length > 3 ? `${shown.join(', ')} and ${devices.length - 3} more` : shown.join(', ')
}
