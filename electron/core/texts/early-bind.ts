import { wayTo } from '#shared/facts/identity.ts'
import type { Device } from '#shared/facts/pci.ts'
import { isNamed, type NamedFunction } from '#shared/units/named-function.ts'
import { SHELL_WAY } from './shell-way.ts'

/**
 * A function to be bound early. The ids guard against an address that moved to another device, the way through the
 * ports (shared/facts/identity.ts) against its twin; null: an earlier version's, without that guard.
 */
export interface EarlyFunction extends NamedFunction {
  way: string | null
}

/**
 * Binds functions by address. Runs in the initramfs before udev starts, in whatever shell is there (dash, bash,
 * busybox), so it uses nothing but builtins, mkdir and modprobe. A driver that holds a function already
 * (one built into the kernel) keeps it: taking it away is for a running system, where each write is watched.
 * drivers_probe serves a vfio-pci that is built in: loading it probes nothing (kernel ABI sysfs-bus-pci).
 * The note lists only what vfio-pci really holds in the end.
 */
export function earlyScript(functions: readonly EarlyFunction[]): string {
  const claims = functions.map(({ address, vendorId, deviceId, way }) =>
    ['claim', address, `0x${vendorId}`, `0x${deviceId}`, ...(way === null ? [] : [way])].join(' '),
  )
  return `#!/bin/sh
# Written by Passthrough Studio, step 5: binds these functions to vfio-pci before any other driver.
# An address that now holds another device, or another one of its kind, is left alone. Boot with passthrough_studio=off to skip it.
case "$1" in prereqs) exit 0 ;; esac
read -r cmdline < /proc/cmdline
case " $cmdline " in *" passthrough_studio=off "*) exit 0 ;; esac
claimed=
${SHELL_WAY}claim() {
  device=/sys/bus/pci/devices/$1
  [ -e "$device/driver_override" ] && [ ! -e "$device/driver" ] || return 0
  read -r vendor < "$device/vendor"
  read -r id < "$device/device"
  [ "$vendor $id" = "$2 $3" ] || return 0
  reached "$device" "\${4:-}" || return 0
  echo vfio-pci > "$device/driver_override"
  claimed="$claimed $1"
}
${claims.join('\n')}
[ -n "$claimed" ] || exit 0
modprobe vfio-pci
mkdir -p /run/passthrough-studio
for address in $claimed; do
  bound=/sys/bus/pci/drivers/vfio-pci/$address
  [ -e "$bound" ] || echo "$address" > /sys/bus/pci/drivers_probe
  [ -e "$bound" ] && echo "$address vfio-pci" >> /run/passthrough-studio/early-bind
done
exit 0
`
}

/** Returns the functions that such a script claims, whichever version wrote it. */
export function claimsIn(text: string): EarlyFunction[] {
  const claims = text.matchAll(/^claim (\S+) 0x([0-9a-f]{4}) 0x([0-9a-f]{4})(?: (\S+))?$/gmu)
  return [...claims].map(([, address = '', vendorId = '', deviceId = '', way = null]) => {
    return { address, vendorId, deviceId, way }
  })
}

/** Returns whether a device is the very one that a rule names, and not its twin at the same address. */
export function isClaimed(device: Device, claim: EarlyFunction, all: readonly Device[]): boolean {
  return isNamed(device, claim) && (claim.way === null || claim.way === wayTo(device, all))
}
