import { AGENT_PORT, REPORT_PREFIX } from '#shared/facts/guest-report.ts'
import { REPORT_SCRIPT } from '#shared/vm/report-script.ts'
import { AGENT_DIRECTORY } from './agent-bundle.ts'

/** What a person at the guest's screen reads: the report in columns. What was there before is cleared (console_codes(4)). */
const SCREEN_SCRIPT = `  echo "\u001b[2J\u001b[HPassthrough Studio: the proof guest"
  report | while read -r prefix what address vendor id class driver version; do
    case "$what" in
      kernel) echo "Linux $address sees:" && echo ;;
      function) echo "  $address  \${vendor#0x}:\${id#0x}  class \${class#0x}  driver $driver" ;;
      end) echo && echo "It waits to be shut down, by the window or the tray." ;;
    esac
done`

/**
 * The whole userland of the proof guest: lists what PCI functions it sees on the first serial port and on its screen,
 * starts QEMU's agent where the host had one to give along, and waits for the line "poweroff" or for three keys. Besides what was given
 * along only shell built-ins, mount, mkdir and sleep, which every initramfs has.
 */
export const PROOF_SCRIPT = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /proc /sys /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
exec < /dev/ttyS0 > /dev/ttyS0 2>&1
if [ -d /${AGENT_DIRECTORY} ]; then
  echo "${REPORT_PREFIX} agent"
fi
report() {
${REPORT_SCRIPT}}
report
show() {
${SCREEN_SCRIPT}
}
if [ -c /dev/tty1 ]; then show > /dev/tty1 & fi
if [ -d /${AGENT_DIRECTORY} ]; then
  cd /${AGENT_DIRECTORY} || :
  while read -r module; do
    ./ld.so --library-path . ./insmod "$module" 2> /dev/null
  done < modules
  mkdir -p /run
  for wait in 1 2 3 4 5 6 7 8 9 10; do
    for port in /sys/class/virtio-ports/*; do
      [ -r "$port/name" ] && read -r name < "$port/name" || continue
      [ "$name" = ${AGENT_PORT} ] || continue
      ./ld.so --library-path . ./qemu-ga -m virtio-serial -p "/dev/\${port##*/}" -t /run < /dev/null &
      break 2
    done
    sleep 1
  done
fi
# Ctrl, Alt and Delete, which systemd's end of the VM presses, interrupts the wait (proc(5), ctrl-alt-del).
echo 0 > /proc/sys/kernel/ctrl-alt-del
trap 'echo "${REPORT_PREFIX} asked"' INT
while read -r line; do
  case "$line" in *poweroff*) break ;; esac
done
echo "${REPORT_PREFIX} off"
echo o > /proc/sysrq-trigger
sleep 60
`
