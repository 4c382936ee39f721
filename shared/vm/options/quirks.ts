import { z } from 'zod'
import { bdfAddress } from '#shared/facts/pci.ts'
import { absolutePath } from './files.ts'
import { blocked, optionTopic } from './topic.ts'

/** Options of QEMU by which the app holds on to a VM, or which end its sandbox. No argument of an admin's may set them. */
const OWN_OPTIONS = [
  ...['chroot', 'daemonize', 'incoming', 'loadvm', 'mon', 'monitor', 'name', 'pidfile', 'preconfig', 'qmp'],
  ...['qmp-pretty', 'readconfig', 'run-with', 'runas', 'sandbox', 'seed', 'snapshot', 'uuid', 'S'],
] as const

/** One option of QEMU's command line: its name, and after a blank its value as it stands, e.g. `-device usb-tablet`. */
const extraArgument = z
  .string()
  .max(1000)
  .regex(/^--?[A-Za-z][A-Za-z0-9-]*(?: [^\p{Cc}\p{Zl}\p{Zp}]+)?$/u, 'an argument looks like -option or -option value')
  .refine((line) => !isOwnOption(line), { error: 'this program itself sets that option, so it cannot be given twice' })

function isOwnOption(line: string): boolean {
  const name = (line.split(' ')[0] ?? '').replace(/^--?/u, '')
  return OWN_OPTIONS.some((own) => own === name)
}

/** What the guest finds as the ROM of a function: nothing, or a file's bytes instead of the card's own. */
const rom = z.strictObject({ address: bdfAddress, file: absolutePath.nullable() })
export type VmRom = z.infer<typeof rom>

const fields = {
  roms: z.array(rom).max(64).default([]),
  /** Bits of the guest's physical addresses, at most; null: as many as the host's processor has. */
  physBits: z.number().int().min(36).max(52).nullable().default(null),
  /** Room for large BARs above 4 GiB, in MiB; null: as much as the firmware gives by itself. */
  mmioWindowMiB: z.number().int().min(1024).max(16_777_216).nullable().default(null),
  /** The guest is not told that it runs under KVM. */
  hideHypervisor: z.boolean().default(false),
  /** Given to QEMU as they stand, after everything else. */
  extraArguments: z.array(extraArgument).max(32).default([]),
}

/** What certain cards and guests need beyond what is decided for all. */
export const quirks = optionTopic({
  definition: fields,
  choices: fields,
  initial: {},
  view: {
    /** Functions of the VM, whose ROM can be another. */
    romFunctions: z.array(z.strictObject({ address: bdfAddress, title: z.string() })),
    physBitsBlocked: blocked,
    mmioWindowBlocked: blocked,
    hideHypervisorBlocked: blocked,
  },
})
