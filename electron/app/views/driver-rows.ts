import type { Starting } from '#core/boot/driver-lines.ts'
import { nextDrivers } from '#core/boot/next-driver.ts'
import type { Situation } from '#core/situation.ts'
import { pathPattern } from '#shared/base/path-pattern.ts'
import { plural } from '#shared/base/text.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { classWords, type Device, deviceName, isBridge, shortAddress } from '#shared/facts/pci.ts'
import type { DriverRow, DriversView } from '#shared/ipc/driver-row.ts'
import type { StepView } from '#shared/ipc/snapshot.ts'

/** Drivers of what is reserved and of all that shares its IOMMU groups; `bind` is the page of step 5. */
export function driversOf(situation: Situation, bind: Pick<StepView, 'plan' | 'verdict'>): DriversView {
  const { facts, reserved, ours } = situation
  const leftovers = [...situation.leftovers]
  if (reserved.length === 0) return { card: null, plan: '', rows: [], leftovers }
  const leads = reserved.map(({ address }) => address)
  const own = reserved.flatMap((unit) => unit.functions.map((device) => device.address))
  const mates = reserved.flatMap((unit) => [...unit.foreignEndpoints, ...unit.bridges])
  const addresses = [...new Set([...own, ...mates, ...ours.map(({ address }) => address)])]
  const { changes } = bind.plan
  const after = changes.length === 0 ? null : afterPlan(facts, bind.plan)
  const today = stateIn(situation)
  const later = after === null ? null : stateIn({ ...situation, facts: after })
  const rows = addresses.flatMap((address) => {
    const device = find(facts, address)
    const now = today(address)
    if (device === undefined || now === null) return []
    const then = later?.(address) ?? null
    const planned = then === null ? null : { ...then.state, nextBoot: then.nextBoot }
    const part = partOf(device, own, leads)
    return [{ ...about(device), part, today: now.state, nextBoot: now.nextBoot, planned }]
  })
  const names = reserved.map(({ name, address }) => `${name} at ${shortAddress(address)}`)
  return { card: names.join(', '), plan: planText(bind), rows, leftovers }
}

function find(facts: Facts, address: string): Device | undefined {
  return facts.devices.find((device) => device.address === address)
}

function about(device: Device): Pick<DriverRow, 'address' | 'kind' | 'name'> {
  return { address: device.address, kind: classWords(device.classId), name: deviceName(device) }
}

function partOf(device: Device, own: readonly string[], leads: readonly string[]): DriverRow['part'] {
  if (leads.includes(device.address)) return 'card'
  if (isBridge(device)) return 'bridge'
  return own.includes(device.address) ? 'goes along' : 'shares the group'
}

/**
 * Returns the driver a function has in this situation, and the one it will have after a boot; null: it is not there.
 */
function stateIn(situation: Starting) {
  const next = nextDrivers(situation)
  return (address: string) => {
    const device = find(situation.facts, address)
    return device === undefined ? null : { state: driverState(situation.facts, device), nextBoot: next(device) }
  }
}

/** Returns a function's driver; unknown for a pasted text without drivers. */
function driverState({ coverage }: Facts, { address, driver, driverOverride }: Device): DriverRow['today'] {
  const path = `/sys/bus/pci/devices/${address}/driver`
  const silent = driver === null && coverage !== null && !coverage.includes(pathPattern(path))
  return { driver: silent ? { unknown: `the text does not tell ${path}` } : driver, override: driverOverride }
}

/** Returns the facts as they would be right after the plan, as far as drivers go. */
function afterPlan(facts: Facts, plan: StepView['plan']): Facts {
  const after = { ...facts, files: { ...facts.files }, devices: [...facts.devices] }
  const put = (address: string, part: Partial<Device>) => {
    after.devices = after.devices.map((device) => (device.address === address ? { ...device, ...part } : device))
  }
  for (const { change } of plan.changes) {
    if (change.kind === 'override-driver') put(change.address, { driverOverride: change.override })
    if (change.kind === 'bind-driver') put(change.address, { driver: change.driver })
    // Which driver takes it then is the kernel's to say.
    if (change.kind === 'give-back') put(change.address, { driver: null, driverOverride: null })
    if (change.kind === 'write-file') after.files[change.path] = { text: change.text, sha256: '' }
    if (change.kind === 'remove-file') after.files[change.path] = null
  }
  return after
}

function planText({ plan, verdict }: Pick<StepView, 'plan' | 'verdict'>): string {
  const count = plan.changes.length
  if (count > 0) return `Step 5 plans ${plural(count, 'change')}.`
  if (verdict.status === 'ok' || verdict.status === 'after-reboot') return 'Step 5 has nothing left to change.'
  return `Step 5 plans nothing yet. ${verdict.text}`
}
