import { shellQuote } from '#shared/base/shell-quote.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'
import { lockedKiB, type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { answersOnlyOnce } from '../answers/only-once.ts'
import { vmArguments } from './argv.ts'
import { asking } from './asking.ts'
import { besideEnd, besideStart } from './beside.ts'
import { lettingRun } from './let-run.ts'

/** What the script depends on of the QEMU that is installed. */
type ScriptFacts = Pick<QemuFacts, 'binary' | 'devices' | 'objects' | 'machineProperties'>

/** That part of what is known of a QEMU. */
export function scriptFacts({ binary, devices, objects, machineProperties }: QemuFacts): ScriptFacts {
  return { binary, devices, objects, machineProperties }
}

/**
 * A readable POSIX script that starts the VM with exactly the arguments the app uses, and lets it run once its
 * processors are pinned and, with an installation disc, somebody looks. It is the parent of QEMU: it starts swtpm and virtiofsd before, ends them after, keeps what QEMU says, takes
 * the sockets away, and leaves QEMU's exit code beside them. It also asks a guest to shut down, for systemd.
 */
export function startScript(
  definition: VmDefinition,
  qemu: Omit<ScriptFacts, 'binary'> & { binary: string },
  run?: string,
): string {
  const paths = vmPaths(definition.name, run)
  const groups = vmArguments(definition, qemu, true, run)
  const lines = groups.flatMap((group) => [`# ${group.reason}`, `set -- "$@" ${group.args.map(shellQuote).join(' ')}`])
  return `${head(definition)}
run=${shellQuote(paths.run)}
${asking(definition)}
if ! [ -d "$run" ] && ! mkdir -m 0700 "$run"; then
  echo ${shellQuote(`Run "host.sh take" in ${paths.home} as root first.`)} >&2
  exit 1
fi
# QEMU inherits this lock: as long as it lives, nobody starts the VM a second time.
exec 9> "$run/lock"
if ! flock -n 9; then
  echo ${shellQuote(`The VM "${definition.name}" runs already.`)} >&2
  exit 1
fi
rm -f "$run/exit-code" "$run/forced" "$run/vm.json" "$run/log" "$run"/*.sock "$run"/*.sock.pid "$run"/ask.* "$run/words" "$run/notes" "$run/waits" "$run/answer"${pictureFile(definition)}
# What runs is asked and ended as what it was started as, whatever step 8 writes meanwhile.
cp ${shellQuote(paths.definition)} "$run/vm.json" 2>/dev/null || :
echo "$$ $(date +%s)" > "$run/started"
# Who asks this script to end asks QEMU as well (systemd does); what is below has still to be done then.
trap : TERM INT HUP
killed_for_memory() { sed -n 's/^oom_kill //p' /proc/vmstat; }
before=$(killed_for_memory)
${KEEPING}
set --
${lines.join('\n')}

${[...session(definition), ...answersOnlyOnce(definition), ...besideStart(definition, paths), ...lettingRun(definition)].map((line) => `${line}\n`).join('')}status=0
${shellQuote(qemu.binary)} "$@" > "$run/words" 2>&1 || status=$?
${besideEnd(definition)
  .map((line) => `${line}\n`)
  .join('')}wait "$keeper" || :
rm -f "$run/vm.json" "$run"/*.sock "$run"/*.sock.pid "$run"/ask.* "$run/words" "$run/waits" "$run/answer"${pictureFile(definition)}
note=
if [ "$status" = 137 ] && [ "$(killed_for_memory)" != "$before" ]; then note=' oom'; fi
echo "$status$note" > "$run/exit-code"
exit "$status"
`
}

function head(definition: VmDefinition): string {
  const { name, user, memoryMiB } = definition
  return `#!/bin/sh
# Start script of the VM "${name}", written by Passthrough Studio, step 8.
#   start-vm.sh             starts it; as ${user.name}, after "host.sh take", with enough locked memory
#                           (ulimit -l, in KiB; needed here: ${lockedKiB(memoryMiB)})
#   start-vm.sh shut-down   asks its guest to shut down, and waits
#   start-vm.sh is-up       whether its guest has come up
set -eu
umask 077
# qemu-kvm lies in /usr/libexec on RHEL and its kin, virtiofsd there or in /usr/lib.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec:/usr/lib
export PATH`
}

/** QEMU's words go to the journal and to a file for the app, which the guest cannot fill. */
const KEEPING = `mkfifo "$run/ask.in" "$run/ask.out" "$run/words"
keep() {
  trap '' TERM INT HUP
  lines=0
  while IFS= read -r line; do
    printf '%s\\n' "$line" >&2
    printf '%s\\n' "$line" >> "$run/log"
    lines=$((lines + 1))
    if [ "$lines" -ge 2000 ]; then
      tail -n 500 "$run/log" > "$run/log.new" && mv "$run/log.new" "$run/log"
      lines=500
    fi
  done < "$run/words"
}
keep 9>&- &
keeper=$!
`

/** The shared picture's file holds memory of the host as long as it is there, and QEMU refuses one of another size. */
function pictureFile({ lookingGlassMiB, kvmfr }: VmDefinition): string {
  return lookingGlassMiB === null || kvmfr ? '' : ' "$run/looking-glass"'
}

/** Where sound servers listen, below the user's runtime directory (XDG base directory specification). */
const SOUND_SERVERS = { pipewire: 'pipewire-0', pa: 'pulse/native', alsa: null } as const

/** QEMU 8.2 and newer end where no sound server answers (audio/audio.c, audio_init), as before anybody logs in. */
function session({ audio, user }: VmDefinition): string[] {
  if (audio === null) return []
  const runtime = [`XDG_RUNTIME_DIR=/run/user/${user.uid}`, 'export XDG_RUNTIME_DIR']
  const server = SOUND_SERVERS[audio]
  if (server === null) return runtime
  return [
    ...runtime,
    '# Without its user’s session the VM is silent.',
    `if ! [ -S "$XDG_RUNTIME_DIR/${server}" ]; then`,
    '  echo \'It has no sound until its next start: its user is not logged in.\' >> "$run/notes"',
    '  for word do',
    '    shift',
    `    [ "$word" != ${audio},id=sound ] || word=none,id=sound`,
    '    set -- "$@" "$word"',
    '  done',
    'fi',
  ]
}
