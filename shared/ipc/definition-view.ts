import { z } from 'zod'
import { bdfAddress } from '../facts/pci.ts'
import { diskPath, inputPath } from '../facts/peripherals.ts'
import { audioDriver, vmProfile, vmUsbDevice } from '../vm/vm.ts'

/** Why an option cannot be taken on this host; null: it can. */
const blocked = z.string().nullable()

/** What was decided and why, in words. */
const decision = z.strictObject({ value: z.string(), reason: z.string() })
export type DecisionView = z.infer<typeof decision>

/** What step 8 offers on this host, and what it decides where nothing is chosen. */
export const definitionView = z.strictObject({
  profiles: z.array(z.strictObject({ id: vmProfile, title: z.string(), text: z.string(), blocked })),
  memory: decision,
  processors: decision,
  pinning: decision,
  setApart: z.strictObject({ reason: z.string(), blocked }),
  hugePages: z.strictObject({ reason: z.string(), blocked }),
  disk: decision,
  firmware: decision,
  tpm: decision,
  screen: decision,
  spice: decision.extend({ blocked }),
  secureBootBlocked: blocked,
  tpmBlocked: blocked,
  audio: z.array(z.strictObject({ id: audioDriver, title: z.string() })),
  /** USB controllers and PCoIP host cards that could go along with the card. */
  controllers: z.array(z.strictObject({ address: bdfAddress, title: z.string(), blocked })),
  usb: z.array(z.strictObject({ device: vmUsbDevice, title: z.string(), text: z.string(), blocked })),
  input: z.array(z.strictObject({ path: inputPath, title: z.string(), text: z.string() })),
  disks: z.array(z.strictObject({ path: diskPath.nullable(), title: z.string(), text: z.string(), blocked })),
  /** Why what is plugged into this host cannot all be told; null: it can. */
  peripheralsUnknown: z.string().nullable(),
  /** SeaBIOS, only for those who follow the paper: what it means here. */
  bios: z.strictObject({ offered: z.boolean(), text: z.string(), blocked }),
  sharedPictureBlocked: blocked,
  sharedPictureMiB: z.number().int().nullable(),
  /** Where the shared picture lies. */
  sharedPicturePlace: z.string(),
})
export type DefinitionView = z.infer<typeof definitionView>
