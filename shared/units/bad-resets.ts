import { isUnknown } from '../base/unknown.ts'
import type { Device } from '../facts/pci.ts'

/** Chips that do not come back from the kernel's reset, as people found out. Ids are `vendor:device`. */
interface BadReset {
  chips: string
  ids: RegExp
  /** The module vendor-reset resets them in its own way, as `device_specific`. */
  cured: boolean
  source: string
}

const VENDOR_RESET = 'gnif/vendor-reset, src/device-db.h'

/** Names of chips and their ids as in pci.ids. */
const KNOWN: readonly BadReset[] = [
  {
    chips: 'Polaris',
    ids: /^1002:(67c[0-2478-9acf]|67d0|67df|6fdf|67e[013789b]|67ef|67ff|698[01567]|699[57f])$/u,
    cured: true,
    source: VENDOR_RESET,
  },
  { chips: 'Vega 10', ids: /^1002:(686[0-4789a-f]|687f)$/u, cured: true, source: VENDOR_RESET },
  { chips: 'Vega 20', ids: /^1002:(66a[0-47f]|738c)$/u, cured: true, source: VENDOR_RESET },
  { chips: 'Navi 10', ids: /^1002:(731[0289abef])$/u, cured: true, source: VENDOR_RESET },
  { chips: 'Navi 12', ids: /^1002:736[02]$/u, cured: true, source: VENDOR_RESET },
  { chips: 'Navi 14', ids: /^1002:(734[017f])$/u, cured: true, source: VENDOR_RESET },
  {
    chips: 'a graphics of AMD’s processors',
    ids: /^1002:(15bf|15dd|15e7|1636|1638|164c)$/u,
    cured: true,
    source: VENDOR_RESET,
  },
  { chips: 'Navi 31', ids: /^1002:(744[48-9abc]|745e)$/u, cured: false, source: 'gnif/vendor-reset#65' },
  { chips: 'Navi 32', ids: /^1002:(747e|7470)$/u, cured: false, source: 'gnif/vendor-reset#97' },
  {
    chips: 'Navi 48',
    ids: /^1002:755[01]$/u,
    cured: false,
    source: 'urbanyl/GPU-Passthrough-for-KVM-QEMU-on-Linux#4',
  },
  { chips: 'Navi 44', ids: /^1002:7590$/u, cured: false, source: 'gnif/vendor-reset#107' },
  { chips: 'MI300', ids: /^1002:(74a[0-9]|75a[03])$/u, cured: false, source: 'amd/MxGPU-Virtualization#25' },
  // GB202 to GB207, the GeForce RTX 50 series and its professional kin.
  { chips: 'GB20x', ids: /^10de:2[bcdf][0-9a-f]{2}$/u, cured: false, source: 'NVIDIA/open-gpu-kernel-modules#853' },
]

type Chip = Pick<Device, 'vendorId' | 'deviceId' | 'resetMethods' | 'physfn'>

/**
 * Returns why a card may not come back from a reset, so that a VM starts once per boot and the host cannot have it
 * back; null: nothing is known against it. A virtual function is reset by itself.
 */
export function badReset({ vendorId, deviceId, resetMethods, physfn }: Chip): string | null {
  const known = KNOWN.find(({ ids }) => ids.test(`${vendorId}:${deviceId}`))
  if (known === undefined || physfn !== null) return null
  const cured = known.cured && !isUnknown(resetMethods) && resetMethods?.includes('device_specific') === true
  if (cured) return null
  const cure = known.cured ? ' The module vendor-reset helps.' : ''
  return `Cards with this chip (${known.chips}) are known not to come back from a reset (${known.source}): after its VM ended, only a reboot of the host may revive it.${cure}`
}

/** Returns whether a card that was in a VM may be lost to the host and to the next start until a reboot. */
export function resetsBadly(chip: Chip): boolean {
  return badReset(chip) !== null
}
