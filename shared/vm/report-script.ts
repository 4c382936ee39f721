import { REPORT_PREFIX } from '../facts/guest-report.ts'

/**
 * Prints what PCI functions a Linux guest sees, in the lines that parseGuestReport reads. Shell built-ins only:
 * the proof guest has little more, and a guest with an agent runs the same by guest-exec.
 */
export const REPORT_SCRIPT = `read -r kernel < /proc/sys/kernel/osrelease
echo "${REPORT_PREFIX} kernel $kernel"
for device in /sys/bus/pci/devices/*; do
  read -r vendor < "$device/vendor"
  read -r id < "$device/device"
  read -r class < "$device/class"
  driver=-
  version=-
  for held in /sys/bus/pci/drivers/*/"\${device##*/}"; do
    [ -e "$held" ] || continue
    driver=\${held%/*}
    if [ -r "$driver/module/version" ]; then read -r version < "$driver/module/version"; fi
    driver=\${driver##*/}
  done
  echo "${REPORT_PREFIX} function \${device##*/} $vendor $id $class $driver $version"
done
echo "${REPORT_PREFIX} end"
`
