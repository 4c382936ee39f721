/** How the script says, notes, reads and writes. */
export const WRITES = `
# For the journal, and for the app.
say() {
  echo "host.sh: $*" >&2
  echo "$*" >> "$said"
}

noted() { echo "$*" >> "$note" || fail "$note cannot be written."; }

# Takes back what was done so far. systemd does not start QEMU then.
fail() {
  say "$*"
  give_back
  exit 1
}

driver_of() {
  if [ -e "$devices/$1/driver" ]; then basename "$(readlink "$devices/$1/driver")"; else echo -; fi
}

# The kernel prints "(null)" for none.
override_of() {
  read -r override < "$devices/$1/driver_override" || override=
  case $override in '' | '(null)') echo - ;; *) echo "$override" ;; esac
}

group_of() { basename "$(readlink "$devices/$1/iommu_group")"; }

# A variant for one kind of device ends in the same words.
held_by_vfio() {
  case $(driver_of "$1") in vfio-pci | *[-_]vfio[-_]pci) return 0 ;; *) return 1 ;; esac
}

# Writes a value for a function ("-": for none). The write is a child: one on which the kernel hangs is left behind, and
# noted, so that nobody touches that function before the next boot.
write() {
  printf '%s\\n' "$2" | tee "$3" > /dev/null 9>&- &
  child=$!
  looks=0
  while sleep 0.05; kill -0 "$child" 2> /dev/null; do
    looks=$((looks + 1))
    if [ "$looks" -ge $((patience * 20)) ]; then
      [ "$1" = - ] || echo "$3" > "$run/stuck-$1"
      say "The kernel hangs on $3. Only a reboot ends that."
      return 1
    fi
  done
  wait "$child"
}
`
