import { z } from 'zod'
import { ENTRY_DIRECTORIES } from '../base/own-files.ts'
import { UNIFIED_IMAGE } from '../facts/boot/unified-image.ts'
import { QEMU_BINARIES } from '../facts/facts.ts'
import { way } from '../facts/identity.ts'
import { ADDED_ARGS, removedArgs } from '../facts/kernel-args.ts'
import { linkName, macAddress } from '../facts/network.ts'
import { bdfAddress } from '../facts/pci.ts'
import { vmDefinition } from '../vm/vm.ts'

/** One path component that cannot be `..` or hidden. */
const NAME = '[A-Za-z0-9][A-Za-z0-9._+~-]*'
/** A menu entry of the boot loader specification, on /boot or wherever an ESP is mounted. */
export const LOADER_ENTRY = new RegExp(`^(?:${ENTRY_DIRECTORIES.join('|')})/${NAME}\\.conf$`, 'u')
/** Where grub-mkconfig writes; vendors whose older releases keep the whole menu on the ESP are named. */
export const GRUB_MENU = /^\/boot\/(?:grub|grub2|efi\/EFI\/(?:centos|redhat|fedora|rocky|almalinux))\/grub\.cfg$/u
/** interfaces(5) and the files beside it, by run-parts' names. */
export const INTERFACES_FILE = /^\/etc\/network\/interfaces(?:\.d\/[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/u
/** systemd.network(5): where administrator, generators and distribution keep the files of links. */
const NETWORK_FILE = new RegExp(`^/(?:etc|run|usr/local/lib|usr/lib|lib)/systemd/network/${NAME}\\.network$`, 'u')

const hexId = z.string().regex(/^[0-9a-f]{4}$/u)
/** `way` null: a rule of an earlier version, which went by address and ids alone. */
const functions = z
  .array(z.strictObject({ address: bdfAddress, vendorId: hexId, deviceId: hexId, way: way.nullable().default(null) }))
  .max(256)
const virtualCards = z
  .array(
    z.strictObject({
      address: bdfAddress,
      vendorId: hexId,
      deviceId: hexId,
      count: z.number().int().min(1).max(65_535),
      way: way.nullable().default(null),
    }),
  )
  .max(64)
const virtualFunctions = z
  .array(
    z.strictObject({
      address: bdfAddress,
      vendorId: hexId,
      deviceId: hexId,
      physfn: bdfAddress,
      way: way.nullable().default(null),
    }),
  )
  .max(1024)
const args = z.array(z.enum(ADDED_ARGS)).max(ADDED_ARGS.length)
/** Words that are taken out wherever they stand. */
const remove = removedArgs.optional()
/** Text that stands on one line, between quotes or behind a key. */
const line = z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{0,300}$/u)
const loaderEntry = z.string().regex(LOADER_ENTRY)
const unifiedPath = z.string().regex(UNIFIED_IMAGE)
/** What the arguments of before are taken from, where no file of their own holds them. */
const startsFrom = z.union([loaderEntry, unifiedPath])

/** Addresses, names and ids of a NetworkManager profile; nothing that could start another line or section of a keyfile. */
export const profileValue = z.string().regex(/^[A-Za-z0-9.:/, _-]{0,1000}$/u)
export const IPV4_METHODS = ['auto', 'manual'] as const
export const IPV6_METHODS = ['auto', 'manual', 'dhcp', 'link-local', 'disabled', 'ignore'] as const
/** What of `ipv4` and `ipv6` goes to the bridge (nm-settings-keyfile(5)). */
const profile = {
  addresses: profileValue,
  gateway: profileValue,
  dns: profileValue,
  'dns-search': profileValue,
  'dhcp-client-id': profileValue,
  'dhcp-hostname': profileValue,
  'dhcp-duid': profileValue,
}
const ipv4 = z.strictObject({ method: z.enum(IPV4_METHODS), ...profile })
const ipv6 = z.strictObject({ method: z.enum(IPV6_METHODS), ...profile })

/** What start-vm.sh depends on of the QEMU that is installed. */
const qemu = z.strictObject({
  binary: z.enum(QEMU_BINARIES),
  devices: z.array(z.string()),
  objects: z.array(z.string()).nullable(),
  machineProperties: z.array(z.string()).nullable(),
})

/** Files that always say the same. */
export const FIXED_TEXTS = [
  'modules-load',
  'initramfs-hook',
  'dracut-modules',
  'dracut-early',
  'mkinitcpio-modules',
  'mkinitcpio-early',
  'mkinitcpio-install',
  'mkinitcpio-hook',
  'early-unit',
  'early-unit-want',
  'virtual-unit',
  'virtual-unit-want',
] as const
export type FixedText = (typeof FIXED_TEXTS)[number]

/**
 * What the text of a file is made of: which of this program's texts it is, and its parameters. Root makes the text anew
 * from it, so that nothing else than these texts is ever written, whoever asks.
 */
export const recipe = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('fixed'), text: z.enum(FIXED_TEXTS) }),
  /** Scripts that bind functions while the initramfs runs. */
  z.strictObject({ of: z.literal('init-top'), functions }),
  z.strictObject({ of: z.literal('early-script'), functions }),
  /** Makes virtual functions at each boot, and holds those that VMs take. */
  z.strictObject({ of: z.literal('virtual-functions'), cards: virtualCards, functions: virtualFunctions }),
  /** Edits of files that other programs read: arguments of the closed list are appended, and words of another taken out, nothing else. */
  z.strictObject({ of: z.literal('grub-drop-in'), args, remove }),
  z.strictObject({
    of: z.literal('grub-defaults'),
    variable: z.enum(['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT']),
    args,
    remove,
  }),
  /** `from`: what a missing file is made of, the arguments of an entry or an image; null: it is there. */
  z.strictObject({ of: z.literal('kernel-cmdline'), args, remove, from: startsFrom.nullable() }),
  /** dracut's own setting. `from` null: what other files set is added to; else all the arguments are named, of those there. */
  z.strictObject({ of: z.literal('dracut-cmdline'), args, remove, from: unifiedPath.nullable() }),
  z.strictObject({ of: z.literal('cmdline-drop-in'), args }),
  z.strictObject({ of: z.literal('loader-entry'), path: loaderEntry, args, remove }),
  /** `hook`: that of step 5 as well as the modules of step 3. */
  z.strictObject({ of: z.literal('mkinitcpio-conf'), hook: z.boolean().default(false) }),
  /** Copies of the entry that boots by default. `entry`: its lines, as they stand in GRUB's menu. */
  z.strictObject({
    of: z.literal('grub-rescue'),
    menu: z.string().regex(GRUB_MENU),
    title: line,
    entry: z.string().max(16_384),
  }),
  z.strictObject({ of: z.literal('loader-rescue'), source: z.union([loaderEntry, unifiedPath]), title: line }),
  /** The bridge, in the configuration of the uplink's manager. */
  z.strictObject({ of: z.literal('nm-bridge'), bridge: linkName, mac: macAddress, zone: profileValue, ipv4, ipv6 }),
  z.strictObject({ of: z.literal('nm-port'), bridge: linkName, uplink: linkName }),
  z.strictObject({ of: z.literal('networkd-port'), bridge: linkName, uplink: linkName }),
  z.strictObject({ of: z.literal('networkd-netdev'), bridge: linkName, mac: macAddress }),
  z.strictObject({ of: z.literal('networkd-bridge'), bridge: linkName, source: z.string().regex(NETWORK_FILE) }),
  z.strictObject({
    of: z.literal('interfaces-bridge'),
    bridge: linkName,
    uplink: linkName,
    mac: macAddress,
    source: z.string().regex(INTERFACES_FILE),
  }),
  /** The uplink's stanzas made manual; every other byte stays. */
  z.strictObject({ of: z.literal('interfaces'), path: z.string().regex(INTERFACES_FILE), uplink: linkName }),
  z.strictObject({ of: z.literal('vm-definition'), definition: vmDefinition }),
  z.strictObject({ of: z.literal('vm-script'), definition: vmDefinition, qemu }),
  /** What root runs before and after a VM, and the VM as a service. */
  z.strictObject({ of: z.literal('vm-host'), definition: vmDefinition }),
  z.strictObject({ of: z.literal('vm-unit'), definition: vmDefinition }),
  z.strictObject({ of: z.literal('vm-rule'), definition: vmDefinition }),
  z.strictObject({ of: z.literal('vm-autostart'), definition: vmDefinition }),
  z.strictObject({ of: z.literal('vm-autostart-want'), definition: vmDefinition }),
  /** Rules for swtpm beside those of the administrator; all VMs share them. */
  z.strictObject({ of: z.literal('swtpm-rules') }),
])
export type Recipe = z.infer<typeof recipe>
export type RecipeKind = Recipe['of']
/** A recipe whose kind is one of `K`, so that what is looked up by its kind fits it. */
export type RecipeOf<K extends RecipeKind> = { [P in K]: { of: P } & Extract<Recipe, { of: P }> }[K]
