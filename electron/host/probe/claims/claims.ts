import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import type { Claim } from '#shared/facts/facts.ts'
import { findMounts, type HostMounts } from '../mounts.ts'
import { keyboardClaims } from './keyboard.ts'
import { networkClaims } from './network.ts'
import { physfnOf } from './physfn.ts'
import { storageClaims } from './storage.ts'

/**
 * PCI functions the host cannot do without: controllers of mounted filesystems and swap, the network cards under
 * the default routes and under SSH sessions (through bridges, bonds and VLANs), and that of the only keyboard; and
 * network cards it uses for something that can be ended. Read by the app for its verdicts and again by the helper
 * before it unbinds anything.
 */
export async function findClaims(
  reader: Reader,
  looked: Promise<OrUnknown<HostMounts>> = findMounts(reader),
): Promise<OrUnknown<Claim[]>> {
  const mounts = await looked
  if (isUnknown(mounts)) return mounts
  const found = await Promise.all([storageClaims(reader, mounts), networkClaims(reader), keyboardClaims(reader)])
  const claims = found.flat()
  return [...claims, ...(await parentClaims(reader, claims))]
}

/** A virtual function is there only as long as its physical one has its driver: who needs the one needs the other. */
async function parentClaims(reader: Reader, claims: readonly Claim[]): Promise<Claim[]> {
  const found = claims
    .filter(({ certain }) => certain)
    .map(async (claim): Promise<Claim[]> => {
      const physfn = await physfnOf(reader, claim.address)
      return physfn === null ? [] : [{ ...claim, address: physfn, detail: `${claim.detail}, a virtual function of it` }]
    })
  return (await Promise.all(found)).flat()
}
