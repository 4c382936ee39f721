import { OWN_FILES } from '#shared/base/own-files.ts'
import type { FixedText } from '#shared/plan/recipe.ts'
import { MODULES } from './boot/mkinitcpio-conf.ts'
import { type OwnText, plain, program } from './file.ts'
import { VIRTUAL_UNIT, VIRTUAL_UNIT_WANT } from './virtual-functions.ts'

const STEP_3 = '# Written by Passthrough Studio, step 3'
const STEP_5 = '# Written by Passthrough Studio, step 5.'

const MODULES_LOAD = '# Written by Passthrough Studio, step 2: the driver that holds devices for a VM.\nvfio-pci\n'

const INITRAMFS_HOOK = `#!/bin/sh
${STEP_3}: puts vfio-pci into the initramfs (initramfs-tools(7)).
case "$1" in prereqs) exit 0 ;; esac
. /usr/share/initramfs-tools/hook-functions
manual_add_modules vfio-pci vfio_iommu_type1
`

// The blanks inside the quotes are required: dracut joins the lists without adding any (dracut.conf(5)).
const DRACUT_MODULES = `${STEP_3}.\nadd_drivers+=" vfio vfio_iommu_type1 vfio_pci "\n`

const MKINITCPIO_MODULES = `${STEP_3}.\nMODULES=(${MODULES} "\${MODULES[@]}")\n`

// dracut keeps the path of what it installs (dracut.conf(5), install_items), so a hook of its own would have to lie
// below /usr. A unit for the initramfs can come from /etc, and runs before dracut's first hook.
const DRACUT_EARLY = `${STEP_5}\ninstall_items+=" ${OWN_FILES.earlyScript} ${OWN_FILES.earlyUnit} ${OWN_FILES.earlyUnitWant} "\n`

/**
 * For an initramfs that runs systemd. Ordered before all that loads modules there: modules-load.d, udev, and
 * dracut's rd.driver.pre (dracut.bootup(7)). initrd.target is the initramfs' own goal and is never started on the
 * host, so the drop-in does nothing there. systemd takes only links in a .wants directory, hence a drop-in.
 */
const EARLY_UNIT = `${STEP_5} Runs in the initramfs only.
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
const UNIT_NAME = OWN_FILES.earlyUnit.slice(OWN_FILES.earlyUnit.lastIndexOf('/') + 1)
const EARLY_UNIT_WANT = `${STEP_5}\n[Unit]\nWants=${UNIT_NAME}\n`

const MKINITCPIO_INSTALL = `#!/bin/bash
${STEP_5}
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

/**
 * mkinitcpio has two kinds of initramfs. busybox runs the early hooks before it loads the modules listed in MODULES
 * (mkinitcpio(8), runtime hooks); systemd runs the unit and ignores the hook. One install hook serves both.
 */
const MKINITCPIO_HOOK = `#!/usr/bin/ash
${STEP_5}
run_earlyhook() {
    /bin/sh ${OWN_FILES.earlyScript}
}
`

const MKINITCPIO_EARLY = `${STEP_5}\nHOOKS+=(passthrough-studio)\n`

/** Texts without parameters: modules and hooks of each initramfs generator, and the units that run at boot. */
export const FIXED: Readonly<Record<FixedText, OwnText>> = {
  'modules-load': plain(OWN_FILES.modulesLoad, MODULES_LOAD),
  'initramfs-hook': program(OWN_FILES.initramfsHook, INITRAMFS_HOOK),
  'dracut-modules': plain(OWN_FILES.dracutConf, DRACUT_MODULES),
  'dracut-early': plain(OWN_FILES.dracutEarlyConf, DRACUT_EARLY),
  'mkinitcpio-modules': plain(OWN_FILES.mkinitcpioDropIn, MKINITCPIO_MODULES),
  'mkinitcpio-early': plain(OWN_FILES.mkinitcpioEarlyConf, MKINITCPIO_EARLY),
  'mkinitcpio-install': plain(OWN_FILES.mkinitcpioInstall, MKINITCPIO_INSTALL),
  'mkinitcpio-hook': plain(OWN_FILES.mkinitcpioHook, MKINITCPIO_HOOK),
  'early-unit': plain(OWN_FILES.earlyUnit, EARLY_UNIT),
  'early-unit-want': plain(OWN_FILES.earlyUnitWant, EARLY_UNIT_WANT),
  'virtual-unit': plain(OWN_FILES.virtualUnit, VIRTUAL_UNIT),
  'virtual-unit-want': plain(OWN_FILES.virtualUnitWant, VIRTUAL_UNIT_WANT),
}
