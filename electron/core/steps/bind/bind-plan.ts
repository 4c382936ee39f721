import { isMenuClosed } from '#core/boot/adapters.ts'
import { removals } from '#core/boot/initramfs/former.ts'
import type { Situation } from '#core/situation.ts'
import type { EarlyFunction } from '#core/texts/early-bind.ts'
import { otherScreens } from '#core/units/units.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { wayTo } from '#shared/facts/identity.ts'
import { type Device, isGpu, shortAddress } from '#shared/facts/pci.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { heldByVfio, isVfioDriver, VFIO_PCI } from '#shared/units/drivers.ts'
import { isNamed } from '#shared/units/named-function.ts'
import type { UnitReason, UnitView } from '#shared/units/unit-view.ts'
import { type ReservedView } from '#shared/units/unit-view.ts'
import { passedFunctions } from '#shared/units/unit-view.ts'
import { givenTo } from '#shared/vm/vm.ts'
import { NO_CHANGES, type PlanBody } from '../step.ts'

/** Returns what step 5 changes: it binds what is reserved, now and at each boot, and gives back what is not any more. */
export function bindPlan(situation: Situation): PlanBody {
  const { choices, lost, facts } = situation
  const bound = boundUnits(situation)
  // Whoever reads a plan is to see all of it: where a part cannot be done, nothing is.
  if (lost.length > 0 || (bound.length > 0 && !facts.kernel.vfioPciReady)) return NO_CHANGES
  if (bound.some((unit) => bindBlockers(unit).length > 0 || unit.functions.some(({ stuck }) => stuck)))
    return NO_CHANGES
  const moving = bound.filter(({ when }) => when === 'now' || choices.bind.live)
  const later = early(situation)
  if (later.length > 0 && isMenuClosed(facts)) return NO_CHANGES
  const back = toGiveBack(situation).map(givenBack)
  const now = [...moving.flatMap((unit) => overrides(facts, unit)), ...moving.flatMap((unit) => moves(facts, unit))]
  const waits =
    later.length > 0 && bound.some((unit) => !moving.includes(unit) && !passedFunctions(unit).every(heldByVfio))
  return { ...risk(situation, moving), changes: [...now, ...later, ...back], rebootNeeded: waits }
}

/** Returns the units that are bound before any VM starts. */
export function boundUnits({ reserved }: Situation): ReservedView[] {
  return reserved.filter(({ when }) => when !== 'vm')
}

/** Work that comes before a unit is taken, and that this step does not do. */
const BARRING: ReadonlySet<string> = new Set(['group-shared', 'no-group', 'has-virtual-functions'])

/** Returns what of a unit's verdict forbids taking it from its drivers. */
export function bindBlockers({ verdict: { status, reasons } }: UnitView): UnitReason[] {
  if (status === 'blocked' || status === 'unknown') return reasons
  return reasons.filter(({ code }) => BARRING.has(code))
}

/** Returns whether the rule for each boot is as it should be, and nothing else is to move the unit before that. */
export function movesAtBoot(situation: Situation, unit: ReservedView): boolean {
  if (unit.when !== 'boot' || situation.choices.bind.live) return false
  return isWritten(situation) && !isBuiltWithout(situation)
}

/** Returns functions that this program keeps from the host, which are reserved no more and in no VM that is up. */
export function toGiveBack(situation: Situation): Device[] {
  return reservedNoMore(situation).filter((device) => userOf(situation, device) === null)
}

/** Returns functions that this program keeps from the host although they are not reserved any more. */
export function reservedNoMore(situation: Situation): Device[] {
  const { facts, ours } = situation
  const wanted = new Set(boundUnits(situation).flatMap((unit) => passedFunctions(unit).map(({ address }) => address)))
  return facts.devices.filter(
    (device) =>
      !wanted.has(device.address) &&
      isVfioDriver(device.driverOverride) &&
      ours.some((named) => isNamed(device, named)),
  )
}

/** Returns the name of the VM that is up, or may be, and has a function, or may have it; null: none. */
export function userOf(
  { facts, written, running }: Pick<Situation, 'facts' | 'written' | 'running'>,
  { address }: Device,
): string | null {
  const has = (name: string) => {
    const definition = running.get(name) ?? written.get(name)
    return definition === undefined || givenTo(definition).includes(address)
  }
  return facts.vms.find(({ name, up }) => up !== false && has(name))?.name ?? null
}

/** What is bound at each boot: of all units together, for a rule knows no other. */
export function earlyFunctions({ facts, reserved }: Pick<Situation, 'facts' | 'reserved'>): EarlyFunction[] {
  const atBoot = reserved.filter(({ when }) => when === 'boot').flatMap((unit) => passedFunctions(unit))
  return atBoot.map(({ address, vendorId, deviceId, parent }) => ({
    ...{ address, vendorId, deviceId },
    way: wayTo({ address, parent }, facts.devices),
  }))
}

/** The rule, or where it is written and what boots next was built without it, the build alone. */
function early(situation: Situation): PlannedChange[] {
  const { facts, initramfs } = situation
  const functions = earlyFunctions(situation)
  if (initramfs === null) return []
  if (functions.length === 0 && (facts.files[initramfs.earlyFile] ?? null) === null)
    return removals(facts, initramfs, 'bind')
  if (functions.length > 0 && isBuiltWithout(situation)) return initramfs.rebuild(facts)
  return initramfs.planEarlyBind(facts, functions) ?? []
}

/** The rule is written as it should be, and what boots next was built without it. */
function isBuiltWithout(situation: Situation): boolean {
  return isWritten(situation) && situation.ruleInImage?.verdict === 'lacks'
}

function isWritten(situation: Situation): boolean {
  return situation.initramfs?.planEarlyBind(situation.facts, earlyFunctions(situation))?.length === 0
}

function risk({ facts }: Situation, moving: readonly ReservedView[]): Pick<PlanBody, 'risk' | 'confirm'> {
  const dark = moving.filter((unit) => passedFunctions(unit).some(losesPicture))
  const [first] = dark
  if (first === undefined) return { risk: 'reversible', confirm: null }
  if (otherScreens(facts, moving).length > 0) return { risk: 'may-lose-display', confirm: null }
  const names = dark.map(({ name }) => name).join(' and ')
  const danger = `${names} ${dark.length === 1 ? 'is the only card' : 'are the only cards'} of this host with a screen. It goes dark until the card is given back.`
  return { risk: 'may-lose-display', confirm: { type: shortAddress(first.address), danger } }
}

function losesPicture(device: Device): boolean {
  return !heldByVfio(device) && (device.bootVga === true || device.connectors.some(({ connected }) => connected))
}

/** A driver made for this very device took it, as a variant of vfio-pci; nobody needs to force the common one on it. */
function onVariant({ driver }: Device): boolean {
  return isVfioDriver(driver) && driver !== VFIO_PCI
}

function overrides({ devices }: Facts, unit: UnitView): PlannedChange[] {
  const open = passedFunctions(unit).filter((device) => !isVfioDriver(device.driverOverride) && !onVariant(device))
  return open.map((device) => ({
    change: {
      kind: 'override-driver',
      address: device.address,
      override: VFIO_PCI,
      expected: { override: device.driverOverride, ...named(device, devices) },
    },
    reason: `From now on only vfio-pci may take ${shortAddress(device.address)}.`,
    before: null,
  }))
}

function named(device: Device, all: readonly Device[]) {
  return { vendorId: device.vendorId, deviceId: device.deviceId, way: wayTo(device, all) }
}

/** Consumers (audio, USB) first, the GPU last: the kernel links them as consumer and supplier. */
function moves({ devices }: Facts, unit: UnitView): PlannedChange[] {
  const held = passedFunctions(unit).filter((device) => !heldByVfio(device))
  const ordered = [...held.filter((device) => !isGpu(device)), ...held.filter((device) => isGpu(device))]
  return ordered.map((device) => ({
    change: {
      kind: 'bind-driver',
      address: device.address,
      driver: VFIO_PCI,
      expected: { driver: device.driver, ...named(device, devices) },
    },
    reason:
      device.driver === null
        ? `Gives ${shortAddress(device.address)} to vfio-pci.`
        : `Moves ${shortAddress(device.address)} from ${device.driver} to vfio-pci.`,
    before: null,
  }))
}

function givenBack({ address, driver, driverOverride, vendorId, deviceId }: Device): PlannedChange {
  return {
    change: { kind: 'give-back', address, expected: { driver, override: driverOverride, vendorId, deviceId } },
    reason: `${shortAddress(address)} is not reserved any more: the host’s own driver may take it.`,
    before: null,
  }
}
