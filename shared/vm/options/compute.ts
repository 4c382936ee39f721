import { z } from 'zod'
import { hugePageMiB } from '#shared/facts/compute/huge-pages.ts'
import { blocked, decision, optionTopic } from './topic.ts'

const memoryMiB = z.number().int().min(256).max(4_194_304)

const logical = z.number().int().min(0)

/** Logical processors of the host. */
const vmPinning = z.strictObject({
  /** One for each virtual processor, in order. */
  vcpus: z.array(logical).min(1),
  /** Those for all other threads of QEMU. */
  emulator: z.array(logical).min(1),
  /** Those that other programs keep where the VM's are set apart; earlier versions had those of `emulator` for it. */
  others: z.array(logical).min(1).optional(),
})
export type VmPinning = z.infer<typeof vmPinning>

const processorList = z
  .string()
  .max(2000)
  .regex(/^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/u, 'Write it as 2-7,10-15: numbers and ranges of processors.')

/** Memory and processors. */
export const compute = optionTopic({
  definition: {
    memoryMiB,
    /** threads * cores processors in one socket. */
    cpu: z.strictObject({
      cores: z.number().int().min(1).max(512),
      threads: z.number().int().min(1).max(8),
      /** CPU properties beyond those of the host, in the order QEMU gets them. */
      properties: z.array(z.string().regex(/^[a-z0-9=_-]+$/u)),
    }),
    /** Memory in huge pages; `memoryMiB` is a multiple of their size then. */
    hugePages: z.boolean().default(false),
    /** Null: the host's scheduler decides where they run. */
    pinning: vmPinning.nullable().default(null),
    /** Other programs of the host are kept off the processors of `pinning.vcpus` while the VM runs. */
    setApart: z.boolean().default(false),
    /** NUMA node that all memory is taken from; null: from any. */
    memoryNode: z.number().int().min(0).nullable().default(null),
    /** Size of the pages where `hugePages`. */
    hugePageMiB: hugePageMiB.default(2),
  },
  choices: {
    memoryMiB: memoryMiB.nullable(),
    vcpus: z.number().int().min(1).max(512).nullable(),
    /** Keep each virtual processor on one of the host's. */
    pin: z.boolean().nullable().default(null),
    /** Guest memory in pages of that many MiB. */
    hugePages: z.boolean().default(false),
    hugePageMiB: hugePageMiB.default(2),
    /** Keep other programs of the host off the processors that are pinned. */
    setApart: z.boolean().default(false),
    /** Processors of the host that the VM's stay on, as the kernel lists them; null: decided. */
    processors: processorList.nullable().default(null),
  },
  initial: { memoryMiB: null, vcpus: null },
  view: {
    memory: decision,
    processors: decision,
    pinning: decision,
    /** Which of the host's processors they are; empty: they are not pinned. */
    hostProcessors: decision,
    setApart: z.strictObject({ reason: z.string(), blocked }),
    /** What the memory may be made of. */
    pages: z.array(z.strictObject({ id: z.enum(['any', '2', '1024']), title: z.string(), text: z.string(), blocked })),
  },
})
