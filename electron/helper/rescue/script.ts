import { DATA_DIRECTORY, SET_ASIDE, UNFINISHED } from '#shared/base/own-files.ts'
import { shellQuote, shellWords } from '#shared/base/shell-quote.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { SavedFile } from '#shared/plan/journal-lines.ts'
import { rescueCommands } from './tools.ts'

/** The part that does not depend on what was changed. POSIX sh and coreutils, so that a live system can run it too. */
const HEAD = `#!/bin/sh
# Written by Passthrough Studio. Puts every file it changed on this host back as it was, without the app.
#   On the host itself:   sudo sh ${DATA_DIRECTORY}/rescue.sh
#   From a live system:      mount the host's root at /mnt (and /boot and the ESP below it), then
#                            sudo sh /mnt${DATA_DIRECTORY}/rescue.sh /mnt
# Devices are given back by the reboot that follows. Files as they are now are kept in replaced-DATE.
set -u
umask 022
root=\${1:-}
data=$root${DATA_DIRECTORY}
# Set aside with its journal, it tells that one, and leaves alone what lies where it lay before.
own=$data
case $0 in */${SET_ASIDE}*/rescue.sh) own=\${0%/*} ;; esac
journal=$own/journal.jsonl
kept=$data/replaced-$(date +%Y%m%d-%H%M%S)
failures=0
later=
[ -d "$data" ] || { echo "rescue: $data is not there" >&2; exit 2; }
[ -w "$data" ] || { echo "rescue: run this as root" >&2; exit 2; }

fail() { echo "rescue: $1" >&2; failures=$((failures + 1)); return 1; }
hash() { sha256sum < "$1" | cut -d' ' -f1; }
keep() {
  # Also what only root could reach where it lay.
  mkdir -p -m 0700 "$kept" && mkdir -p "$kept$(dirname "$1")" && cp -p "$root$1" "$kept$1"
}
# label FILE LABEL: SELinux's. What a file made here has else is its directory's, which need not be right.
label() {
  [ -n "$2" ] || return 0
  chcon "$2" "$1" 2>/dev/null || echo "rescue: $1 could not be labelled $2; run restorecon on it where SELinux runs" >&2
}
# restore PATH SHA256 MODE UID GID [LABEL]
restore() {
  rm -f "$root$1${UNFINISHED}"
  backup=$data/backups/$2
  if [ -f "$root$1" ] && [ "$(hash "$root$1")" = "$2" ]; then label "$root$1" "\${6:-}"; return 0; fi
  [ -f "$backup" ] && [ "$(hash "$backup")" = "$2" ] || { fail "the backup of $1 is missing or damaged"; return 1; }
  if [ -e "$root$1" ]; then keep "$1" || { fail "$1 cannot be kept"; return 1; }; fi
  mkdir -p "$(dirname "$root$1")" && cp "$backup" "$root$1.rescue" || { fail "$1 cannot be written"; return 1; }
  # The ESP has no owners and modes; what matters there is the content.
  chown "$4:$5" "$root$1.rescue" 2>/dev/null
  chmod "$3" "$root$1.rescue" 2>/dev/null
  label "$root$1.rescue" "\${6:-}"
  mv -f "$root$1.rescue" "$root$1" || { fail "$1 cannot be replaced"; return 1; }
  echo "put back  $1"
}
# drop PATH: it did not exist before
drop() {
  rm -f "$root$1${UNFINISHED}"
  [ -e "$root$1" ] || return 0
  keep "$1" && rm -f "$root$1" || { fail "$1 cannot be removed"; return 1; }
  echo "removed   $1"
}
# again COMMAND...: what only the running machine's own tool can take back
again() {
  if [ -n "$root" ]; then later="$later
  $*"; return 0; fi
  "$@" || fail "this failed: $*"
}
tidy() { rmdir "$root$1" 2>/dev/null || :; }
# reverted TX INDEX: tells the app; TX is quoted for JSON
reverted() {
  printf '{"kind":"reverted","tx":%s,"index":%s,"at":"%s","note":"Taken back by the rescue script."}\\n' \\
    "$1" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >> "$journal"
}
# A last line cut short by a power loss is not a line.
if [ -s "$journal" ] && [ -n "$(tail -c 1 "$journal")" ]; then
  sed '$d' "$journal" > "$journal.rescue" && mv -f "$journal.rescue" "$journal"
fi
`

const TAIL = `
sync
if [ "$failures" -gt 0 ]; then
  echo "rescue: $failures files could not be put back; the lines above say which. Nothing else was lost." >&2
  exit 1
fi
if [ -n "$later" ]; then
  echo "Start the host with its rescue entry, then run there:$later"
else
  echo 'Everything is put back. Reboot now.'
  # Nothing is in force any more, which is what this script being here would say. The journal stays.
  rm -f "$own/RECOVERY.txt" "$own/rescue.sh"
fi
echo 'If a kernel was installed since, rebuild its initramfs after that reboot.'
`

/** A script that takes back what the journal holds open, last change first. */
export function rescueScript(open: readonly JournalEntry[]): string {
  const commands = [...open].reverse().flatMap(rescueCommands)
  const again = [...new Set(commands.map((command) => `again ${shellWords(command)}`))]
  return [HEAD, ...[...open].reverse().map(block), ...again, TAIL].join('\n')
}

function block({ tx, index, before }: JournalEntry): string {
  const files = before.files.map(fileLine)
  const directories = [...before.createdDirectories].reverse().map((path) => `tidy ${shellQuote(path)}`)
  const all = files.length === 0 ? '' : `${files.join(' &&\n')} &&\n`
  return [`${all}reverted ${shellQuote(JSON.stringify(tx))} ${index}`, ...directories].join('\n')
}

function fileLine({ path, sha256, mode, uid, gid, label }: SavedFile): string {
  if (sha256 === null) return `drop ${shellQuote(path)}`
  const labelled = label === undefined ? '' : ` ${shellQuote(label)}`
  return `restore ${shellQuote(path)} ${sha256} ${mode.toString(8)} ${uid} ${gid}${labelled}`
}
