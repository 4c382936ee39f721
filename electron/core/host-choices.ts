import type { Facts, InitramfsId } from '#shared/facts/facts.ts'
import { identityOf } from '#shared/facts/identity.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { Change } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { leadGpus, unitOf } from '#shared/units/unit.ts'
import type { Choices } from '#shared/wizard/choices.ts'

/**
 * Choices with what was decided for the host as a whole filled in where nothing was chosen here: root and every user
 * see the card that step 5 has in force and the tool that step 3 used, whoever applied them. What is in force is in
 * the journal, which everybody may read.
 */
export function withHostChoices(choices: Choices, facts: Facts, journal: readonly JournalEntry[]): Choices {
  const changes = journal.filter(({ reverted }) => reverted?.left !== false).map(({ change }) => change)
  return {
    ...choices,
    boot: { ...choices.boot, initramfs: choices.boot.initramfs ?? initramfsIn(facts, changes) },
    cards: choices.cards.address === null ? (cardIn(facts, changes) ?? choices.cards) : choices.cards,
  }
}

/** The generator that rebuilt the initramfs last, if it is still there. */
function initramfsIn({ boot }: Facts, changes: readonly Change[]): InitramfsId | null {
  const last = changes.findLast((change) => change.kind === 'rebuild-initramfs')
  if (last === undefined) return null
  const id = last.tool === 'update-initramfs' ? 'initramfs-tools' : last.tool
  return boot.initramfs.find((found) => found.id === id)?.id ?? null
}

/** The card among the functions that are bound; null: none, or of several cards nobody can say which is meant. */
function cardIn({ devices }: Facts, changes: readonly Change[]): Choices['cards'] | null {
  const bound = devices.filter((device) => changes.flatMap(functionsOf).some((named) => isThe(device, named)))
  const leads = leadGpus(devices).filter((gpu) => unitOf(gpu, devices).some((device) => bound.includes(device)))
  const [lead] = leads
  if (lead === undefined || leads.length > 1) return null
  const unit = unitOf(lead, devices)
  const companions = bound.filter((device) => !unit.includes(device)).map((device) => device.address)
  return {
    address: lead.address,
    identity: identityOf(lead, devices),
    ...(companions.length === 0 ? {} : { companions }),
  }
}

type Named = Pick<Device, 'address' | 'vendorId' | 'deviceId'>

/** What is at the address by now may be another device: numbers of buses move. */
function isThe(device: Device, { address, vendorId, deviceId }: Named): boolean {
  return device.address === address && device.vendorId === vendorId && device.deviceId === deviceId
}

/** The functions that a change binds, now or at boot. */
function functionsOf(change: Change): Named[] {
  if (change.kind === 'override-driver' || change.kind === 'bind-driver')
    return [{ address: change.address, ...change.expected }]
  if (change.kind !== 'write-file') return []
  const { recipe } = change
  return recipe?.of === 'init-top' || recipe?.of === 'early-script' ? recipe.functions : []
}
