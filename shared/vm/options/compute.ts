import { z } from 'zod'
import { blocked, decision, optionTopic } from './topic.ts'

const memoryMiB = z.number().int().min(256).max(4_194_304)

/** Logical processors of the host: one for each virtual processor in order, and those for all other threads of QEMU. */
const vmPinning = z.strictObject({
  vcpus: z.array(z.number().int().min(0)).min(1),
  emulator: z.array(z.number().int().min(0)).min(1),
})
export type VmPinning = z.infer<typeof vmPinning>

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
    /** Memory in pages of 2 MiB; `memoryMiB` is even then. */
    hugePages: z.boolean().default(false),
    /** Null: the host's scheduler decides where they run. */
    pinning: vmPinning.nullable().default(null),
    /** Other programs of the host are kept off the processors of `pinning.vcpus` while the VM runs. */
    setApart: z.boolean().default(false),
  },
  choices: {
    memoryMiB: memoryMiB.nullable(),
    vcpus: z.number().int().min(1).max(512).nullable(),
    /** Keep each virtual processor on one of the host's. */
    pin: z.boolean().nullable().default(null),
    /** Guest memory in pages of 2 MiB. */
    hugePages: z.boolean().default(false),
    /** Keep other programs of the host off the processors that are pinned. */
    setApart: z.boolean().default(false),
  },
  initial: { memoryMiB: null, vcpus: null },
  view: {
    memory: decision,
    processors: decision,
    pinning: decision,
    setApart: z.strictObject({ reason: z.string(), blocked }),
    hugePages: z.strictObject({ reason: z.string(), blocked }),
  },
})
