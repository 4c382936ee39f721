import { REPORT_PREFIX } from '#shared/facts/guest-report.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { isProof } from '../machine/profile.ts'

/** Returns the part of start-vm.sh that speaks to a VM that is there: it ends the script where one of its verbs is given. */
export function asking(definition: VmDefinition): string {
  return `${TELL}
${isProof(definition) ? POWER_KEYS : POWER_BUTTON}
${shutDown(definition)}
${verbs(definition)}`
}

/** A monitor on two pipes: a shell has no program everywhere that speaks to a socket. Opened both ways a pipe waits for nobody. */
const TELL = `# Says something to QEMU's monitor (qmp-spec.txt).
tell() { [ ! -p "$run/ask.in" ] || printf '{"execute":"qmp_capabilities"}\\n%s\\n' "$1" 1<> "$run/ask.in"; }
runs() { [ -e "$run/lock" ] && ! flock -n "$run/lock" true; }`

const POWER_BUTTON = `press_power() { tell '{"execute":"system_powerdown"}'; }
# A guest that does not mind its power button may have QEMU's agent.
ask_agent() {
  command -v python3 > /dev/null || return 0
  timeout 10 python3 - "$run/agent.sock" << 'END' || :
import socket, sys
agent = socket.socket(socket.AF_UNIX)
agent.settimeout(5)
agent.connect(sys.argv[1])
agent.sendall(b'{"execute":"guest-shutdown"}\\n')
END
}`

/** The proof guest has no ear for a power button; its kernel hears Ctrl, Alt and Delete. */
const POWER_KEYS = `press_power() {
  tell '{"execute":"send-key","arguments":{"keys":[{"type":"qcode","data":"ctrl"},{"type":"qcode","data":"alt"},{"type":"qcode","data":"delete"}]}}'
}
ask_agent() { :; }`

/** Asked again and again: one that is still booting does not hear it. */
function shutDown({ stopSeconds }: VmDefinition): string {
  return `shut_down() {
  waited=0
  while runs; do
    if [ "$waited" -ge ${stopSeconds} ]; then
      echo 'The guest did not shut down in ${stopSeconds} seconds, and is ended.' >&2
      tell '{"execute":"quit"}'
      return 0
    fi
    if [ $((waited % 15)) = 0 ]; then press_power; fi
    if [ "$waited" = ${Math.ceil(stopSeconds / 3)} ]; then ask_agent; fi
    waited=$((waited + 1))
    sleep 1
  done
}`
}

/** The agent's port is opened by a program in the guest (frontend-open, QEMU's query-chardev); the proof guest reports. */
function verbs({ profile }: VmDefinition): string {
  const up = isProof({ profile })
    ? `grep -q '${REPORT_PREFIX} end' "$run/serial.log"`
    : `runs || return 1
  timeout 15 sed -n '/"return": \\[.*"label"/{p;q}' < "$run/ask.out" > "$run/chardevs" &
  tell '{"execute":"query-chardev"}'
  wait "$!" && grep -o '{[^{}]*"label": "agent0"[^{}]*}' "$run/chardevs" | grep -q '"frontend-open": true'`
  return `is_up() {
  ${up}
}
case \${1-} in
  shut-down) shut_down; exit ;;
  is-up) is_up; exit ;;
esac`
}
