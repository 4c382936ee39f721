import { z } from 'zod'
import { orUnknown } from '#shared/base/unknown.ts'
import { hugePages } from './huge-pages.ts'

/** One online logical processor (Documentation/ABI/stable/sysfs-devices-system-cpu). */
export const logicalCpu = z.strictObject({
  id: z.number().int(),
  core: z.string(),
  /** All processors that share its last-level cache, as the kernel lists them; null: not told. */
  cache: z.string().nullable(),
  node: z.number().int().nullable(),
  /** On a processor with cores of two kinds; null: all are alike. */
  kind: z.enum(['performance', 'efficiency']).nullable(),
})
export type LogicalCpu = z.infer<typeof logicalCpu>

export const memory = z.strictObject({
  totalMiB: z.number().int(),
  /** Null: the kernel has none of 2 MiB. */
  hugePages: orUnknown(hugePages.nullable()),
  /** The same of 1 GiB, of which it makes none while it runs. */
  gigantic: orUnknown(hugePages.nullable()),
  /** NUMA nodes that have memory; none where the kernel does not tell. */
  nodes: z.array(z.strictObject({ id: z.number().int(), totalMiB: z.number().int() })),
})
