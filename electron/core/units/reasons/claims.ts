import { isUnknown } from '#shared/base/unknown.ts'
import type { Claim, Facts } from '#shared/facts/facts.ts'
import { classWords, type Device, shortAddress } from '#shared/facts/pci.ts'
import { describeEndpoint, type Facet, type Unit } from './facet.ts'

type Weight = 'needs' | 'may-need' | 'uses'

function weightOf({ certain, stop }: Claim): Weight {
  if (!certain) return 'may-need'
  return stop === null ? 'needs' : 'uses'
}

/** Returns what the host has these devices for: what it needs, may need, or only uses. */
export function claimReasons(facts: Facts, unit: Unit, weight: Weight): Facet[] {
  return [...unit.functions, ...unit.foreign].flatMap((device) =>
    claimsOn(facts, device.address)
      .filter((claim) => weightOf(claim) === weight)
      .map((claim) => ({
        code: `host-${weight}-${claim.kind}`,
        text: claimText(device, unit, claim),
        address: device.address,
        need: claim.detail,
      })),
  )
}

/** `NVMe controller 01:00.0 shares its IOMMU group, but / is mounted from it (/dev/nvme0n1p2).` */
function claimText(device: Device, { foreign }: Unit, { detail, stop }: Claim): string {
  const where = foreign.includes(device)
    ? `${classWords(device.classId)} ${shortAddress(device.address)} shares its IOMMU group`
    : `${shortAddress(device.address)} (${describeEndpoint(device)}) would go along`
  return `${where}, but ${detail}.${stop === null ? '' : ` ${stop}`}`
}

/** Returns what the host needs a function for, of what could be read. */
export function claimsOn(facts: Facts, address: string): Claim[] {
  return isUnknown(facts.claims) ? [] : facts.claims.filter((claim) => claim.address === address)
}
