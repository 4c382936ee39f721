import type { Facts } from '#shared/facts/facts.ts'
import { holderNames, onlyLooks, stopAdvice } from '#shared/facts/holder-words.ts'
import { type Device, isGpu, shortAddress } from '#shared/facts/pci.ts'
import { blocksGroup, heldByVfio } from '#shared/units/drivers.ts'
import { hostPart } from '#shared/units/host-parts.ts'
import { claimReasons } from './claims.ts'
import { describeEndpoint, type Facet, type Unit } from './facet.ts'

/** Returns what has to be done before a unit is handed over: by step 5, or by the admin. */
export function workReasons(facts: Facts, unit: Unit): Facet[] {
  const reasons: Facet[] = [
    ...groupReasons(facts, unit),
    ...claimReasons(facts, unit, 'uses'),
    ...unit.functions.flatMap(virtualReasons),
    ...useReasons(facts, unit),
  ]
  for (const { address, driver } of unit.functions.filter((member) => !heldByVfio(member))) {
    const how = driver === null ? 'without a driver' : `held by ${driver}`
    reasons.push({ code: 'held-by-host', text: `${shortAddress(address)} is ${how}.`, address })
  }
  if (unit.lead.bootVga === true && reasons.length > 0)
    reasons.push({ code: 'boot-vga', text: 'It is the boot display of this host.', address: unit.lead.address })
  return reasons
}

function groupReasons({ iommu }: Facts, { functions, foreign }: Unit): Facet[] {
  const off = iommu.groups.length === 0
  const text = off ? 'It has no IOMMU group yet; the IOMMU is off.' : 'It is in no IOMMU group.'
  const none = functions.some((device) => device.iommuGroup === null)
  const shared = foreign.filter((device) => blocksGroup(device.driver) && hostPart(device) === null)
  return [
    ...(none ? [{ code: 'no-group', text, address: null }] : []),
    ...shared.map((device) => ({
      code: 'group-shared',
      text: `${shortAddress(device.address)} (${describeEndpoint(device)}) shares its IOMMU group.`,
      address: device.address,
    })),
  ]
}

/** Virtual functions are gone as soon as their physical one loses its driver. */
function virtualReasons({ address, sriov }: Device): Facet[] {
  if (sriov === null || sriov.now === 0) return []
  const count = sriov.now === 1 ? 'its virtual function goes' : `its ${sriov.now} virtual functions go`
  return [{ code: 'has-virtual-functions', text: `${shortAddress(address)} is kept: ${count} with it.`, address }]
}

/** Programs that have a sound card or a disk of it open. Those of a graphics card are step 4's, which names them all. */
function useReasons({ holders }: Facts, { lead, functions }: Unit): Facet[] {
  if (isGpu(lead)) return []
  return functions.flatMap(({ address }) => {
    const mine = holders.list.filter((holder) => holder.address === address && !onlyLooks(holder))
    if (mine.length === 0) return []
    const text = `${shortAddress(address)} is in use by ${holderNames(mine)}. ${stopAdvice(mine)}`
    return [{ code: 'in-use', text, address }]
  })
}
