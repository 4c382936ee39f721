import type { Facts, InitramfsId } from '../../shared/facts.ts'
import { OWN_FILES } from '../../shared/own-files.ts'
import type { PlannedChange } from '../../shared/plan.ts'
import { present, wantFile } from '../../shared/want-file.ts'

/** One initramfs generator: how vfio-pci gets into the image, and how devices are bound by address while it runs. */
export interface Initramfs {
  readonly id: InitramfsId
  readonly name: string
  /** Changes that put vfio-pci into the image; the rebuild comes last. */
  planModules(facts: Facts): PlannedChange[]
  /** Changes that bind these functions at each boot; null: not handled yet for this generator. */
  planEarlyBind(facts: Facts, functions: readonly EarlyFunction[]): PlannedChange[] | null
}

/** A function to be bound early; the ids guard against an address that moved to another device. */
interface EarlyFunction {
  address: string
  vendorId: string
  deviceId: string
}

const HOOK = `#!/bin/sh
# Written by Passthrough Studio, step 3: puts vfio-pci into the initramfs (initramfs-tools(7)).
case "$1" in prereqs) exit 0 ;; esac
. /usr/share/initramfs-tools/hook-functions
manual_add_modules vfio-pci vfio_iommu_type1
`

export const initramfsTools: Initramfs = {
  id: 'initramfs-tools',
  name: 'initramfs-tools',
  planModules: (facts) => {
    const reason = 'Puts vfio-pci into the initramfs by a hook of our own.'
    const file = wantFile(facts, { path: OWN_FILES.initramfsHook, text: HOOK, mode: 0o755, reason })
    return file === null ? [] : [file, rebuild(facts, 'update-initramfs')]
  },
  planEarlyBind: (facts, functions) => {
    const reason = 'Claims these functions by address while the initramfs runs, before any other driver can.'
    const text = initTopScript(functions)
    const file = wantFile(facts, { path: OWN_FILES.initramfsInitTop, text, mode: 0o755, reason })
    return file === null ? [] : [file, rebuild(facts, 'update-initramfs')]
  },
}

export const dracut: Initramfs = {
  id: 'dracut',
  name: 'dracut',
  planModules: (facts) => {
    // The blanks inside the quotes are required: dracut joins the lists without adding any (dracut.conf(5)).
    const text = '# Written by Passthrough Studio, step 3.\nadd_drivers+=" vfio vfio_iommu_type1 vfio_pci "\n'
    const reason = 'Puts vfio-pci into the initramfs by a drop-in of our own.'
    const file = wantFile(facts, { path: OWN_FILES.dracutConf, text, reason })
    return present([file, file === null ? null : rebuild(facts, 'dracut')])
  },
  planEarlyBind: () => null,
}

function rebuild(facts: Facts, tool: 'update-initramfs' | 'dracut'): PlannedChange {
  return {
    change: { kind: 'rebuild-initramfs', tool, outputs: facts.boot.images },
    reason: `Builds ${facts.boot.images.length} initramfs image${facts.boot.images.length === 1 ? '' : 's'} again; the images of before are kept for undo.`,
    before: null,
  }
}

/** The script runs before udev (initramfs-tools(7), init-top), so no driver has bound anything yet. */
function initTopScript(functions: readonly EarlyFunction[]): string {
  const claims = functions.map(({ address, vendorId, deviceId }) => `claim ${address} 0x${vendorId} 0x${deviceId}`)
  return `#!/bin/sh
# Written by Passthrough Studio, step 5: binds these functions to vfio-pci before any other driver.
# An address that now holds another device is left alone. Boot with passthrough_studio=off to skip it.
case "$1" in prereqs) exit 0 ;; esac
case " $(cat /proc/cmdline) " in *" passthrough_studio=off "*) exit 0 ;; esac
mkdir -p /run/passthrough-studio
claim() {
  device=/sys/bus/pci/devices/$1
  [ -e "$device/driver_override" ] || return 0
  [ "$(cat "$device/vendor")" = "$2" ] && [ "$(cat "$device/device")" = "$3" ] || return 0
  echo vfio-pci > "$device/driver_override"
  echo "$1 vfio-pci" >> /run/passthrough-studio/early-bind
}
${claims.join('\n')}
modprobe vfio-pci
`
}
