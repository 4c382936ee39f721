import { REPORT_PREFIX } from '../../shared/guest-report.ts'

/**
 * The whole userland of the proof guest: lists what PCI functions it sees on the first serial port, then
 * waits there for the line "poweroff". Only shell built-ins and mount, which every initramfs has.
 */
export const PROOF_SCRIPT = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /proc /sys /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
exec < /dev/ttyS0 > /dev/ttyS0 2>&1
read -r kernel < /proc/sys/kernel/osrelease
echo "${REPORT_PREFIX} kernel $kernel"
for device in /sys/bus/pci/devices/*; do
  read -r vendor < "$device/vendor"
  read -r id < "$device/device"
  read -r class < "$device/class"
  echo "${REPORT_PREFIX} function \${device##*/} $vendor $id $class"
done
echo "${REPORT_PREFIX} end"
while read -r line; do
  case "$line" in *poweroff*) break ;; esac
done
echo o > /proc/sysrq-trigger
sleep 60
`
