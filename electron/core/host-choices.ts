import { EARLY_RULES } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { InitramfsId } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { identityOf, idsOf, wayTo } from '#shared/facts/identity.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { Change } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { NamedFunction } from '#shared/units/named-function.ts'
import type { ReservedUnit } from '#shared/units/reserved-unit.ts'
import type { VirtualChoice } from '#shared/units/virtual-choice.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import { looksOf } from './boot/rule-in-image.ts'
import type { Known } from './situation.ts'
import { claimsIn, type EarlyFunction, isClaimed } from './texts/early-bind.ts'
import { cardsOf, unitsOf } from './units/units.ts'

/**
 * Choices with what was decided for the host as a whole filled in where nothing was chosen here: root and every user
 * see the units that step 5 has in force, the virtual functions of step 4 and the tool that step 3 used, whoever applied
 * them. What is in force is in the journal, which everybody may read.
 */
export function withHostChoices(choices: Choices, facts: Facts, journal: readonly JournalEntry[]): Choices {
  const changes = inForce(journal)
  return {
    ...choices,
    boot: { ...choices.boot, initramfs: choices.boot.initramfs ?? initramfsIn(facts, changes) },
    cards: {
      units: choices.cards.units ?? unitsIn(facts, changes),
      virtualFunctions: withVirtualIn(facts, changes, choices.cards.virtualFunctions),
    },
  }
}

/** Returns what the journal tells of a host beside what can be read there. */
export function toldBy(journal: readonly JournalEntry[], facts: Facts): Pick<Known, 'ours' | 'looks'> {
  return { ours: oursIn(facts, journal), looks: looksOf(journal) }
}

/** Returns the functions that this program keeps for VMs, now or at each boot, of those that are still there. */
export function oursIn({ devices }: Pick<Facts, 'devices'>, journal: readonly JournalEntry[]): NamedFunction[] {
  const { live, early } = boundBy(inForce(journal))
  const named = [...live, ...early]
  return devices
    .filter((device) => named.some((one) => isClaimed(device, one, devices)))
    .map(({ address, vendorId, deviceId }) => ({ address, vendorId, deviceId }))
}

function inForce(journal: readonly JournalEntry[]): Change[] {
  return journal.filter(({ reverted }) => reverted?.left !== false).map(({ change }) => change)
}

/**
 * The generator that rebuilt the initramfs last, if it is still there. Where another one has come, and what boots next was
 * built without the rule, nobody knows which of them builds it, and a person has to say.
 */
function initramfsIn({ boot }: Facts, changes: readonly Change[]): InitramfsId | null {
  const last = changes.findLast((change) => change.kind === 'rebuild-initramfs')
  const contents = boot.nextImage?.contents
  const lacks = contents !== undefined && !isUnknown(contents) && contents.rule === 'missing'
  if (last === undefined || (boot.initramfs.length > 1 && lacks)) return null
  const id = last.tool === 'update-initramfs' ? 'initramfs-tools' : last.tool
  return boot.initramfs.find((found) => found.id === id)?.id ?? null
}

/** Units of the functions that are bound, and what the rule for each boot names in vain; null: there are none. */
function unitsIn(facts: Facts, changes: readonly Change[]): ReservedUnit[] | null {
  const bound = boundBy(changes)
  const units = [...unitsThere(facts, bound), ...unitsElsewhere(facts, bound.early)]
  return units.length === 0 ? null : units
}

function unitsThere(facts: Facts, { live, early }: Bound): ReservedUnit[] {
  const isIn = (claims: readonly EarlyFunction[], device: Device) =>
    claims.some((claim) => isClaimed(device, claim, facts.devices))
  const isBound = (device: Device) => isIn(live, device) || isIn(early, device)
  if (!facts.devices.some(isBound)) return []
  const units = unitsOf(facts, cardsOf(facts)).filter(({ functions }) => functions.some(isBound))
  const leads = new Set(units.filter(({ kind }) => kind === 'card').map(({ address }) => address))
  // What shares a card's group was taken as its companion.
  const mates = (address: string) =>
    units.find((unit) => leads.has(unit.address) && unit.foreignEndpoints.includes(address))
  return units
    .filter((unit) => unit.kind === 'card' || mates(unit.address) === undefined)
    .map((unit) => {
      const [lead] = unit.functions
      const along = units.filter((other) => other.kind === 'device' && mates(other.address) === unit)
      return {
        address: unit.address,
        identity: lead === undefined ? null : identityOf(lead, facts.devices),
        companions: along.flatMap(({ functions }) => functions.map(({ address }) => address)),
        when: unit.functions.some((device) => isIn(early, device)) ? 'boot' : 'now',
      }
    })
}

/** What moved, one for each slot: it is looked for by what the rule for each boot says of the way to it. */
function unitsElsewhere({ devices }: Facts, early: readonly EarlyFunction[]): ReservedUnit[] {
  const slotOf = (address: string) => address.slice(0, address.lastIndexOf('.'))
  const gone = early.filter((claim) => claim.way !== null && !devices.some((one) => isClaimed(one, claim, devices)))
  const leads = gone.filter(
    ({ address }, index) => gone.findIndex((other) => slotOf(other.address) === slotOf(address)) === index,
  )
  return leads.map((claim) => {
    const { address, vendorId, deviceId, way } = claim
    // The rule has no subsystem: that of the function itself, or of any that could be it.
    const alike = devices.filter((device) => device.vendorId === vendorId && device.deviceId === deviceId)
    const same = alike.find((device) => wayTo(device, devices) === way) ?? alike[0]
    const ids = same === undefined ? `${vendorId}:${deviceId} -` : idsOf(same)
    return { address, identity: `${ids} ${way ?? ''}`, companions: [], when: 'boot' as const }
  })
}

/** Adds cards whose virtual functions this program made, where nothing was chosen for them. */
function withVirtualIn(
  { devices }: Facts,
  changes: readonly Change[],
  chosen: readonly VirtualChoice[],
): VirtualChoice[] {
  const made = new Map<string, VirtualChoice>()
  for (const change of changes) {
    if (change.kind !== 'set-virtual-functions') continue
    const { address, count, expected } = change
    const named = { address, ...expected, way: expected.way ?? null }
    const card = devices.find((device) => isClaimed(device, named, devices))
    if (card !== undefined) made.set(address, { address, identity: identityOf(card, devices), count })
  }
  const others = [...made.values()].filter(
    ({ address, count }) => count > 0 && !chosen.some((one) => one.address === address),
  )
  return [...chosen, ...others]
}

interface Bound {
  live: readonly EarlyFunction[]
  /** Of the last rule for each boot alone: it replaces what was before it. */
  early: readonly EarlyFunction[]
}

/** Goes through changes in their order: what was given back later is bound no more. */
function boundBy(changes: readonly Change[]): Bound {
  let live: EarlyFunction[] = []
  let early: readonly EarlyFunction[] = []
  let rule = ''
  for (const change of changes) {
    if (change.kind === 'override-driver' || change.kind === 'bind-driver')
      live.push({ address: change.address, ...change.expected, way: change.expected.way ?? null })
    if (change.kind === 'give-back') live = live.filter(({ address }) => address !== change.address)
    const claims = claimsOf(change, rule)
    if (claims === null || !('path' in change)) continue
    // What it does not name any more may be bound until it is given back.
    live.push(...early)
    early = claims
    rule = change.path
  }
  return { live, early }
}

/** What a change has bound at each boot from then on; null: it is not about that. `rule`: the file that is in force. */
function claimsOf(change: Change, rule: string): EarlyFunction[] | null {
  if (change.kind === 'remove-file') return change.path === rule ? [] : null
  const isRule = change.kind === 'write-file' && EARLY_RULES.some((path) => path === change.path)
  return isRule ? claimsIn(change.text) : null
}
