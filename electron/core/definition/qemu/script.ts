import { shellQuote } from '#shared/base/shell-quote.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'
import { type VmDefinition, vmPaths } from '#shared/vm/vm.ts'
import { vmArguments } from './argv.ts'

/** What the script depends on of the QEMU that is installed. */
type ScriptFacts = Pick<QemuFacts, 'binary' | 'devices' | 'objects' | 'machineProperties'>

/** That part of what is known of a QEMU. */
export function scriptFacts({ binary, devices, objects, machineProperties }: QemuFacts): ScriptFacts {
  return { binary, devices, objects, machineProperties }
}

/**
 * A readable POSIX script that starts the VM with exactly the arguments the app uses. It stays paused until `cont`,
 * and is the parent of QEMU: it starts swtpm before, ends it after, takes the sockets away, and leaves QEMU's exit
 * code beside them.
 */
export function startScript(
  definition: VmDefinition,
  qemu: Omit<ScriptFacts, 'binary'> & { binary: string },
  run?: string,
): string {
  const paths = vmPaths(definition.name, run)
  const groups = vmArguments(definition, qemu, true, run)
  const lines = groups.flatMap((group) => [`# ${group.reason}`, `set -- "$@" ${group.args.map(shellQuote).join(' ')}`])
  return `#!/bin/sh
# Start script of the VM "${definition.name}", written by Passthrough Studio, step 8.
# Run it as ${definition.user.name}, after step 5, with enough locked memory (ulimit -l, in KiB):
#   needed here: ${(definition.memoryMiB + 1024) * 1024}
${byHand(definition)}set -eu
umask 077
# qemu-kvm lies in /usr/libexec on RHEL and its kin.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec
export PATH
run=${shellQuote(paths.run)}
if ! [ -d "$run" ] && ! mkdir -m 0700 "$run"; then
  echo ${shellQuote(`As root, once after each boot: install -d -m 0700 -o ${shellQuote(definition.user.name)} ${paths.run}`)} >&2
  exit 1
fi
# QEMU inherits this lock: as long as it lives, nobody starts the VM a second time.
exec 9> "$run/lock"
if ! flock -n 9; then
  echo ${shellQuote(`The VM "${definition.name}" runs already.`)} >&2
  exit 1
fi
rm -f "$run/exit-code" "$run/forced" "$run/vm.json" "$run"/*.sock${pictureFile(definition)}
# What runs is asked and ended as what it was started as, whatever step 8 writes meanwhile.
cp ${shellQuote(paths.definition)} "$run/vm.json" 2>/dev/null || :
echo "$$ $(date +%s)" > "$run/started"
# Who asks this script to end asks QEMU as well (systemd does); what is below has still to be done then.
trap : TERM INT HUP
killed_for_memory() { sed -n 's/^oom_kill //p' /proc/vmstat; }
before=$(killed_for_memory)

set --
${lines.join('\n')}

${[...session(definition), ...tpmStart(definition, paths)].map((line) => `${line}\n`).join('')}status=0
${shellQuote(qemu.binary)} "$@" || status=$?
${tpmEnd(definition)
  .map((line) => `${line}\n`)
  .join('')}rm -f "$run/vm.json" "$run"/*.sock${pictureFile(definition)}
note=
if [ "$status" = 137 ] && [ "$(killed_for_memory)" != "$before" ]; then note=' oom'; fi
echo "$status$note" > "$run/exit-code"
exit "$status"
`
}

/** The shared picture's file holds memory of the host as long as it is there, and QEMU refuses one of another size. */
function pictureFile({ lookingGlassMiB, kvmfr }: VmDefinition): string {
  return lookingGlassMiB === null || kvmfr ? '' : ' "$run/looking-glass"'
}

/** What the app does around this script, and nobody else. */
function byHand({ pinning, setApart, atStart }: VmDefinition): string {
  const cards =
    atStart === undefined ? '' : '# Root runs "cards.sh take" before it, and "cards.sh end" afterwards.\n'
  if (pinning === null) return cards
  const apart = setApart ? ' and keeps other programs off those of the host' : ''
  return `${cards}# The app pins its processors as vm.json says${apart}; by hand nothing does.\n`
}

/** Sound servers are found through the user's runtime directory (XDG base directory specification). */
function session({ audio, user }: VmDefinition): string[] {
  return audio === null ? [] : [`XDG_RUNTIME_DIR=/run/user/${user.uid}`, 'export XDG_RUNTIME_DIR']
}

/** swtpm ends by itself when QEMU closes the connection, also after a SIGKILL; the rest is for a QEMU that never came. */
function tpmStart(definition: VmDefinition, paths: ReturnType<typeof vmPaths>): string[] {
  if (!definition.tpm) return []
  const state = shellQuote(paths.tpmState)
  return [
    '# The TPM: its state lies beside the disk; keep both together in a backup.',
    `swtpm socket --tpm2 --tpmstate dir=${state} --ctrl type=unixio,path=${shellQuote(paths.tpm)} --terminate 9>&- &`,
    'tpm=$!',
    `for _ in 1 2 3 4 5 6 7 8 9 10; do [ -S ${shellQuote(paths.tpm)} ] && break; sleep 0.5; done`,
  ]
}

function tpmEnd({ tpm }: VmDefinition): string[] {
  return tpm ? ['kill "$tpm" 2>/dev/null || :', 'wait "$tpm" 2>/dev/null || :'] : []
}
