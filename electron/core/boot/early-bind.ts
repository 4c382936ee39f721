import { OWN_FILES } from '#shared/base/own-files.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { PlannedChange } from '#shared/plan/plan.ts'
import { present, wantFile } from '#shared/plan/want-file.ts'

/** A function to be bound early; the ids guard against an address that moved to another device. */
export interface EarlyFunction {
  address: string
  vendorId: string
  deviceId: string
}

/** Where the script lies for one initramfs tool, and what else makes the tool run it. */
interface EarlyFile {
  path: string
  text: string
  mode?: 0o755
}

const REASON = 'Claims these functions by address while the initramfs runs, before udev loads any driver.'

/** The writes that are still needed; all of them are our own files. */
export function earlyFiles(facts: Facts, files: readonly EarlyFile[]): PlannedChange[] {
  return present(files.map((file) => wantFile(facts, { ...file, reason: REASON })))
}

/**
 * Binds functions by address. Runs in the initramfs before udev starts, in whatever shell is there (dash, bash,
 * busybox), so it uses nothing but builtins, mkdir and modprobe. A driver that holds a function already
 * (one built into the kernel) keeps it: taking it away is for a running system, where each write is watched.
 * drivers_probe serves a vfio-pci that is built in: loading it probes nothing (kernel ABI sysfs-bus-pci).
 * The note lists only what vfio-pci really holds in the end.
 */
export function earlyScript(functions: readonly EarlyFunction[]): string {
  const claims = functions.map(({ address, vendorId, deviceId }) => `claim ${address} 0x${vendorId} 0x${deviceId}`)
  return `#!/bin/sh
# Written by Passthrough Studio, step 5: binds these functions to vfio-pci before any other driver.
# An address that now holds another device is left alone. Boot with passthrough_studio=off to skip it.
case "$1" in prereqs) exit 0 ;; esac
read -r cmdline < /proc/cmdline
case " $cmdline " in *" passthrough_studio=off "*) exit 0 ;; esac
claimed=
claim() {
  device=/sys/bus/pci/devices/$1
  [ -e "$device/driver_override" ] && [ ! -e "$device/driver" ] || return 0
  read -r vendor < "$device/vendor"
  read -r id < "$device/device"
  [ "$vendor $id" = "$2 $3" ] || return 0
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

/**
 * For an initramfs that runs systemd. Ordered before all that loads modules there: modules-load.d, udev, and
 * dracut's rd.driver.pre (dracut.bootup(7)). initrd.target is the initramfs' own goal and is never started on the
 * host, so the drop-in does nothing there. systemd takes only links in a .wants directory, hence a drop-in.
 */
export function earlyUnit(): EarlyFile[] {
  const unit = `# Written by Passthrough Studio, step 5. Runs in the initramfs only.
[Unit]
Description=Bind PCI functions to vfio-pci before any other driver
DefaultDependencies=no
ConditionPathExists=/etc/initrd-release
Before=systemd-modules-load.service systemd-udevd.service systemd-udev-trigger.service dracut-cmdline.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${OWN_FILES.earlyScript}
`
  const name = OWN_FILES.earlyUnit.slice(OWN_FILES.earlyUnit.lastIndexOf('/') + 1)
  const want = `# Written by Passthrough Studio, step 5.\n[Unit]\nWants=${name}\n`
  return [
    { path: OWN_FILES.earlyUnit, text: unit },
    { path: OWN_FILES.earlyUnitWant, text: want },
  ]
}

const INSTALL = `#!/bin/bash
# Written by Passthrough Studio, step 5.
build() {
    add_file ${OWN_FILES.earlyScript}
    add_file ${OWN_FILES.earlyUnit}
    add_file ${OWN_FILES.earlyUnitWant}
    add_runscript
}
help() {
    echo "Binds PCI functions to vfio-pci before any other driver."
}
`

const RUNTIME_HOOK = `#!/usr/bin/ash
# Written by Passthrough Studio, step 5.
run_earlyhook() {
    /bin/sh ${OWN_FILES.earlyScript}
}
`

/**
 * mkinitcpio has two kinds of initramfs. busybox runs the early hooks before it loads the modules listed in MODULES
 * (mkinitcpio(8), runtime hooks); systemd runs the unit and ignores the hook. One install hook serves both.
 */
export function earlyMkinitcpio(functions: readonly EarlyFunction[]): EarlyFile[] {
  const conf = '# Written by Passthrough Studio, step 5.\nHOOKS+=(passthrough-studio)\n'
  return [
    { path: OWN_FILES.earlyScript, text: earlyScript(functions), mode: 0o755 },
    ...earlyUnit(),
    { path: OWN_FILES.mkinitcpioInstall, text: INSTALL },
    { path: OWN_FILES.mkinitcpioHook, text: RUNTIME_HOOK },
    { path: OWN_FILES.mkinitcpioEarlyConf, text: conf },
  ]
}
