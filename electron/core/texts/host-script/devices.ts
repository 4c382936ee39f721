// open(2): O_RDONLY, O_EXCL and O_NONBLOCK, whose numbers are these on x86 and Arm (asm-generic/fcntl.h).
const EXCLUSIVE = 0o200 | 0o4000
// errno(3): EBUSY, and what the drive of a disc or card says that has none in it (ENOMEDIUM).
const BUSY = 16
const NO_MEDIUM = 123

/** USB devices, disks, keyboards and other nodes that the VM's user opens: whether they can be spared, and access. */
export const DEVICES = `
# A disk by any of its names, with its partitions, below /sys/class/block.
blocks_of() {
  disk=$(basename "$(readlink -f "$1")")
  for block in /sys/class/block/"$disk" /sys/class/block/"$disk"/"$disk"*; do [ ! -e "$block/dev" ] || echo "$block"; done
}

check_disk() {
  [ -b "$1" ] || fail "$1 is not there."
  for block in $(blocks_of "$1"); do check_block "$block" "$1"; done
}

# Whoever mounts a disk or builds something on it claims it, and an exclusive open is refused then (open(2), O_EXCL).
# No program of every host opens a device like that, so a line of Perl or of Python asks. The status is the errno.
open_exclusively() {
  if command -v perl > /dev/null; then
    perl -e 'sysopen(my $disk, $ARGV[0], ${EXCLUSIVE}) or exit($! + 0)' "$1"
  elif command -v python3 > /dev/null; then
    python3 -c 'import os, sys
try: os.close(os.open(sys.argv[1], ${EXCLUSIVE}))
except OSError as error: sys.exit(error.errno)' "$1"
  else
    fail "Whether the kernel uses $1 cannot be asked. Install Perl or Python 3."
  fi
}

check_claim() {
  refusal=0
  open_exclusively "$1" || refusal=$?
  case $refusal in
    0 | ${NO_MEDIUM}) ;;
    ${BUSY}) fail "The kernel itself uses $1." ;;
    *) fail "Whether the kernel uses $1 cannot be told (error $refusal when it was opened)." ;;
  esac
}

# Refuses a disk or partition that the host uses in any way; $2: how to call it.
check_block() {
  number=$(cat "$1/dev")
  at=/dev/$(basename "$1" | tr ! /)
  ! grep -qsE " ($number|.* $at) " /proc/[0-9]*/mountinfo || fail "A mounted filesystem lies on $2."
  ! grep -q "^\${at}[[:space:]]" /proc/swaps || fail "Swap space lies on $2."
  for holder in "$1"/holders/* /sys/fs/btrfs/*/devices/"$(basename "$1")"; do
    [ ! -e "$holder" ] || fail "\${holder##*/} of the host lies on $2."
  done
  case $(udevadm info --query=property "--path=$1" < /dev/null 2> /dev/null | sed -n 's/^ID_FS_TYPE=//p') in
    *_raid_member | LVM2_member | LVM1_member | zfs_member | bcache | ceph_bluestore | drbd)
      fail "$2 is a member of something that only this host can put together." ;;
  esac
  user_of=$(holders "$at" | head -n 1)
  [ -z "$user_of" ] || fail "$2 is in use by $(called "$user_of")."
  check_claim "$at"
}

# Disks and partitions that the kernel keeps below a device of any bus.
disks_below() { find "$(readlink -f "$1")" -path '*/block/*' -name dev 2> /dev/null | sed 's|/dev$||'; }

# Not plugged in: QEMU waits for it.
usb_place() { [ -e "/sys/bus/usb/devices/$1/busnum" ]; }

check_usb() {
  usb_place "$1" || return 0
  usb=/sys/bus/usb/devices/$1
  [ "$(cat "$usb/idVendor") $(cat "$usb/idProduct")" = "$2 $3" ] || return 0
  for disk in $(disks_below "$usb"); do check_block "$disk" "the USB device in port $1"; done
}

check_node() { [ -c "$1" ] || fail "$1 is not there. Plug it in, or leave it out in step 8."; }

open_usb() {
  usb_place "$1" || return 0
  usb=/sys/bus/usb/devices/$1
  [ "$(cat "$usb/idVendor") $(cat "$usb/idProduct")" = "$2 $3" ] || return 0
  read -r bus < "$usb/busnum"
  read -r number < "$usb/devnum"
  open_node "$(printf '/dev/bus/usb/%03d/%03d' "$bus" "$number")"
}

open_disk() { open_node "$1"; }

# The group keeps its access: others of the host may go on using a keyboard.
open_node() {
  node=$(readlink -f "$1")
  state=$(stat -c '%u %a' "$node") || fail "$node is not there."
  [ "\${state% *}" != "$user" ] || return 0
  noted "node $node $state"
  chown "$user" "$node" || fail "$node cannot be given to the VM's user."
  chmod u+rw "$node" || fail "$node cannot be opened for the VM's user."
}

# The number of a node may belong to another device by now; what is not the user's is not ours to give back.
return_node() {
  [ -e "$1" ] && [ "$(stat -c %u "$1")" = "$user" ] || return 0
  chown "$2" "$1" && chmod "$3" "$1"
}
`
