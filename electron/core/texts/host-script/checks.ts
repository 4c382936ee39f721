import { HARMLESS } from '#shared/units/drivers.ts'
import { SHELL_WAY } from '../shell-way.ts'

/** What has to hold before anything is taken; nothing is changed here. */
export const CHECKS = `
${SHELL_WAY}
# Refuses an address that is not there, holds something else, or that no VM can have.
check_function() {
  [ -e "$devices/$1/vendor" ] || fail "There is nothing at $1. Check steps 4 and 8."
  [ ! -e "$run/stuck-$1" ] || fail "The kernel hangs on $1 since an earlier try. Reboot the host."
  read -r vendor < "$devices/$1/vendor"
  read -r device < "$devices/$1/device"
  way "$devices/$1" || fail "There is nothing at $1. Check steps 4 and 8."
  [ "$vendor $device $way" = "$(expected "$1")" ] || fail "$1 is not the device it was. Apply step 8 again."
  [ -e "$devices/$1/iommu_group" ] || fail "$1 is in no IOMMU group. Step 3 switches the IOMMU on."
  other=$(grep -lsE "^(function|held) $1( |$)" "$run"/taken/* | head -n 1)
  [ -z "$other" ] || fail "$1 is in the VM \\"$(basename "$other")\\". Shut that one down first."
  for member in "$devices/$1/iommu_group/devices"/*; do
    check_member "$(basename "$member")" "$1"
  done
}

check_held() {
  if [ -e "$devices/$1/vendor" ] && ! held_by_vfio "$1"; then fail "$1 is not on vfio-pci. Apply step 5 again."; fi
  check_function "$1"
}

# VFIO opens no group in which a driver of the host works.
check_member() {
  case " $functions " in *" $1 "*) return ;; esac
  case $(driver_of "$1") in
    - | ${[...HARMLESS].join(' | ')}) ;;
    *) held_by_vfio "$1" || fail "$1 shares the IOMMU group of $2 and is on $(driver_of "$1"). Step 4 says more." ;;
  esac
}

links_of() { find "$(readlink -f "$devices/$1")" -path '*/net/*' -name ifindex 2> /dev/null; }

# Refuses a function with a disk or a network link that the host needs.
check_unneeded() {
  for disk in $(disks_below "$devices/$1"); do check_block "$disk" "$1"; done
  for link in $(links_of "$1"); do
    link=$(basename "$(dirname "$link")")
    ! grep -q "^\${link}[[:space:]]" /proc/net/route || fail "The host's network goes through $link of $1."
  done
}

# Device nodes of the functions, by what each driver made.
nodes() {
  for function in $functions; do
    for entry in "$devices/$function"/drm/*; do [ ! -e "$entry" ] || echo "/dev/dri/\${entry##*/}"; done
    for entry in "$devices/$function"/sound/card*; do
      [ ! -e "$entry" ] || for pcm in /dev/snd/pcmC"\${entry##*/card}"D*; do echo "$pcm"; done
    done
    [ "$(driver_of "$function")" != nvidia ] || for entry in /dev/nvidia*; do [ ! -c "$entry" ] || echo "$entry"; done
    echo "/dev/vfio/$(group_of "$function")"
  done
}

# Ids of processes that have one of these nodes open, or mapped (a mapping outlives its descriptor). The name of what is
# open may be anything that a user chose, and is another in a container: it only tells where to ask for the number.
holders() {
  for node in $1; do
    number=$(number_of "$node") || continue
    entry=$(basename "$(dirname "$node")")/$(basename "$node")
    find /proc/[0-9]*/fd -maxdepth 1 -lname "*/$entry" 2> /dev/null | processes_with "$number"
    grep -lF "/$entry" /proc/[0-9]*/maps 2> /dev/null | while read -r maps; do
      find "\${maps%maps}map_files" -maxdepth 1 -lname "*/$entry" 2> /dev/null | processes_with "$number"
    done
  done
}

# A device node is known by its major and minor number.
number_of() { stat -L -c %t:%T "$1" 2> /dev/null; }

processes_with() {
  while read -r link; do
    [ "$(number_of "$link")" != "$1" ] || echo "$link"
  done | sed 's|.*/\\([0-9]*\\)/[a-z_]*/[^/]*$|\\1|'
}

users() { holders "$(nodes)"; }

# Xorg (pid 912): a name is what the program says of itself, so only its letters are shown.
called() {
  echo "$(tr -cd '[:alnum:]._-' < "/proc/$1/comm" 2> /dev/null) (pid $1)"
}

# Whether a process ends with what is stopped. A login screen takes the graphical sessions along.
ends_with_services() {
  cgroup=$(tr '\\n' / < "/proc/$1/cgroup" 2> /dev/null) || return 0
  for service in $services; do
    real=$(systemctl show -p Id --value "$service" < /dev/null)
    case $cgroup in *"/\${real:-$service}/"*) return 0 ;; esac
    case $service:$cgroup in display-manager.service:*/user.slice/*) return 0 ;; esac
  done
  return 1
}

check_unused() {
  for pid in $(users | sort -u); do
    ends_with_services "$pid" || fail "The card is in use by $(called "$pid"), which nothing here stops."
  done
}
`
