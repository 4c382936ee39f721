import type { VmDefinition } from '#shared/vm/vm.ts'
import { VIEWER_WAIT_SECONDS, waitsForViewer } from '../disk/installation.ts'

/** Whether QEMU starts paused, and its script lets the guest run. */
export function isLetRun(definition: VmDefinition): boolean {
  return definition.pinning !== null || waitsForViewer(definition)
}

/** The part of start-vm.sh that lets the guest run, beside QEMU: once its processors are pinned and somebody looks. */
export function lettingRun(definition: VmDefinition): string[] {
  if (!isLetRun(definition)) return []
  const pinned = definition.pinning === null ? '' : `pin || echo 'Its processors are not pinned.' >> "$run/notes"; `
  const seen = waitsForViewer(definition) ? 'await_viewer; ' : ''
  return [
    ...pinning(definition),
    ...(waitsForViewer(definition) ? waiting(definition) : []),
    `{ ${pinned}${seen}tell '{"execute":"cont"}'; } 9>&- &`,
    ...beginning(definition),
  ]
}

/** QEMU inherits it. Some of these may be switched off since; then the others do, or it begins anywhere. */
function beginning({ pinning }: VmDefinition): string[] {
  if (pinning === null) return []
  return [
    '# QEMU begins on the guest’s processors: it tells the guest their caches, and memory comes from near them.',
    `taskset -p -c ${pinning.vcpus.join(',')} "$$" > /dev/null 2>&1 || :`,
  ]
}

/** Threads are found by the names that debug-threads=on gives them; without it the VM is only slower. */
function pinning({ pinning: pins }: VmDefinition): string[] {
  if (pins === null) return []
  const last = pins.vcpus.length - 1
  return [
    '# Each virtual processor on its own, everything else of QEMU on the rest; then the guest runs.',
    'thread() { for comm in /proc/"$1"/task/*/comm; do case $(cat "$comm") in "CPU $2/"*) basename "${comm%/comm}" ;; esac; done; }',
    'pin() {',
    '  for _ in $(seq 600); do',
    '    sleep 0.1',
    '    kill -0 "$$" || return 1',
    '    qemu=$(cat "$run/qemu.pid" 2> /dev/null) || continue',
    `    [ -z "$(thread "$qemu" ${last})" ] || break`,
    '  done',
    `  taskset -a -p -c ${pins.emulator.join(',')} "$qemu" > /dev/null || return 1`,
    ...pins.vcpus.map((cpu, at) => `  taskset -p -c ${cpu} "$(thread "$qemu" ${at})" > /dev/null || return 1`),
    '}',
  ]
}

/** Viewers as QEMU counts them (QMP reference, query-vnc and query-spice); one that is let go on meanwhile needs none. */
function waiting({ spice }: VmDefinition): string[] {
  const viewers = [['query-vnc', 'clients'], ...(spice ? [['query-spice', 'channels']] : [])]
  return [
    '# The installation disc asks for a key in its first seconds: the guest waits until somebody looks at its screen.',
    'answer() {',
    `  timeout 2 sed -n "/\\"return\\": {.*\\"$2\\"/{p;q}" 0<> "$run/ask.out" > "$run/answer" &`,
    `  tell "{\\"execute\\":\\"$1\\"}"`,
    '  wait "$!"',
    '}',
    'await_viewer() {',
    '  : > "$run/waits"',
    `  for _ in $(seq ${VIEWER_WAIT_SECONDS}); do`,
    '    kill -0 "$$" 2> /dev/null || return 0',
    ...viewers.map(
      ([ask, list]) => `    if answer ${ask} ${list} && grep -q '"${list}": \\[{' "$run/answer"; then break; fi`,
    ),
    '    sleep 1',
    '  done',
    '  rm -f "$run/waits" "$run/answer"',
    '}',
  ]
}
