import { z } from 'zod'
import { bdfAddress } from '../facts/pci.ts'

/**
 * Why a function stands out: it is the chosen card, goes along with it, or is a card that could be chosen; it blocks
 * the card because the host needs it (`blocker`) or may need it (`doubt`), or because a host driver holds it in the
 * card's IOMMU group (`shares`).
 */
const mark = z.strictObject({
  kind: z.enum(['card', 'companion', 'candidate', 'blocker', 'doubt', 'shares']),
  text: z.string(),
})
export type TopologyMark = z.infer<typeof mark>
export type MarkKind = TopologyMark['kind']

/** One PCI function in its place. `shape`: a PCI bridge or port is a line with a name, anything else a chip. */
const topologyNode = z.strictObject({
  address: bdfAddress,
  /** The bridge above; null: it hangs on the bus of `root`. */
  parent: bdfAddress.nullable(),
  root: z.string(),
  shape: z.enum(['port', 'chip']),
  kind: z.string(),
  name: z.string(),
  driver: z.string().nullable(),
  group: z.number().int().nullable(),
  graphics: z.boolean(),
  mark: mark.nullable(),
})
export type TopologyNode = z.infer<typeof topologyNode>

/** Where a tree begins. `known` false: functions of one bus, whose way from the root complex nobody told. */
const topologyRoot = z.strictObject({ bus: z.string(), known: z.boolean() })
export type TopologyRoot = z.infer<typeof topologyRoot>

/** The PCI hierarchy with every function once, and in words what the picture cannot show. */
export const topology = z.strictObject({
  about: z.string(),
  gaps: z.array(z.string()),
  roots: z.array(topologyRoot),
  nodes: z.array(topologyNode),
})
export type Topology = z.infer<typeof topology>
