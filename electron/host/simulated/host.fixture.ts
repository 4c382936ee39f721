import { gatherFacts } from '#host/gather/gather.ts'
import type { Host } from '#host/host.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { type Description, recordingOf } from './description.ts'
import { PAPER_WORKSTATION } from './paper/workstation.ts'
import { SimulatedHost } from './simulated.ts'

/** Simulates a described host; the paper's workstation, with its IOMMU off, unless another is given. */
export function simulated(description: Description = PAPER_WORKSTATION): SimulatedHost {
  return new SimulatedHost(recordingOf(description))
}

/** Gathers the facts of a host of which nothing has been proven. */
export async function factsFrom(host: Host): Promise<Facts> {
  return gatherFacts(host, NO_PROOFS)
}
