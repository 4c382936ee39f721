/** IFF_MULTI_QUEUE (linux/if_tun.h), as /sys shows it of a tap. */
const MULTI_QUEUE = 0x100

/** Places, network, memory, processors, and the timer that brings a picture back. */
export const RESOURCES = `
# Directories of the VM's user; the ones above are root's, so that nobody puts something else in their place.
make_places() {
  mkdir -p "\${place%/*}" || fail "\${place%/*} cannot be made."
  install -d -m 0700 -o "$user" -g "$group" "$place" || fail "$place cannot be made."
  # Left by the last run; until start-vm.sh gets so far they must not be taken for this one's.
  for left in exit-code started forced serial.log log; do rm -f "$place/$left"; done
  [ -z "$tpm" ] || install -d -m 0700 -o "$user" -g "$group" "$tpm" || fail "$tpm cannot be made."
}

# vnet_hdr lets the guest's virtio card hand large segments over unsplit (kernel: networking/tuntap). A tap of several
# queues cannot be opened as one of a single queue, nor the other way round (kernel: drivers/net/tun.c, tun_set_iff).
make_tap() {
  several=
  [ "$3" = 1 ] || several=multi_queue
  [ -e "/sys/class/net/$2/bridge" ] || fail "There is no bridge $2. Steps 7 and 8 say what to do."
  if [ -e "/sys/class/net/$1" ]; then
    [ "$(cat "/sys/class/net/$1/owner" 2> /dev/null)" = "$user" ] || fail "$1 is somebody else's."
    [ "$(basename "$(readlink "/sys/class/net/$1/master")")" = "$2" ] || fail "$1 is not in $2."
    flags=$(cat "/sys/class/net/$1/tun_flags" 2> /dev/null || echo 0)
    [ "$((flags & ${MULTI_QUEUE}))" = "$((\${several:+${MULTI_QUEUE}} + 0))" ] ||
      fail "$1 is there already, for another number of queues. Remove it: ip link delete $1"
    return 0
  fi
  noted "tap $1"
  ip tuntap add dev "$1" mode tap user "$user" vnet_hdr \${several:+"$several"} || fail "The tap $1 cannot be made."
  ip link set dev "$1" master "$2" up || fail "The tap $1 cannot join $2."
}

return_tap() { [ ! -e "/sys/class/net/$1/tun_flags" ] || ip link delete dev "$1"; }

of_pool() { cat "$pool/$1_hugepages"; }

raise_pages() {
  [ "$pages" != 0 ] || return 0
  [ -e "$pool" ] || fail "This kernel has no huge pages of $page MiB. Choose others in step 8."
  total=$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo)
  [ $((pages * page * 1024)) -lt "$total" ] || fail "$((pages * page)) MiB are more than this host has."
  case $page in 1024) check_kept ;; *) raise_limit ;; esac
}

# The kernel makes no pages of 1 GiB on demand (kernel: hugetlbpage): they are those that it kept at its boot.
check_kept() {
  spare=$(($(of_pool free) - $(of_pool resv)))
  [ "$spare" -ge "$pages" ] ||
    fail "The VM needs $pages huge pages of 1 GiB, and $spare are free. Add hugepagesz=1G hugepages=$pages to the kernel's command line and reboot, or choose 2 MiB in step 8."
}

# What may still be made, and is promised to nobody (kernel: hugetlbpage).
raise_limit() {
  limit=$(of_pool nr_overcommit)
  lacking=$((pages - (limit - $(of_pool surplus) + $(of_pool free) - $(of_pool resv))))
  [ "$lacking" -gt 0 ] || return 0
  noted "pages $lacking $limit"
  write - $((limit + lacking)) "$pool/nr_overcommit_hugepages" || fail "The limit of huge pages cannot be raised."
}

# Another VM may have raised it since; that it is as it was says that nothing was added.
return_pages() {
  limit=$(of_pool nr_overcommit)
  [ "$limit" != "$2" ] || return 0
  limit=$((limit - $1))
  [ "$limit" -ge 0 ] || limit=0
  write - "$limit" "$pool/nr_overcommit_hugepages"
}

# Everything of a host that is not a VM or a container (systemd.special(7)).
slices='init.scope system.slice user.slice'

# Without it the VM is only slower.
set_apart() {
  [ -n "$apart" ] || return 0
  left="Other programs are not kept off its processors"
  [ -d /run/systemd/system ] || { say "$left: systemd does not run here."; return 0; }
  grep -qw cpuset /sys/fs/cgroup/cgroup.controllers 2> /dev/null || { say "$left: no cgroup v2 with cpusets."; return 0; }
  other=$(grep -l '^apart' "$run"/taken/* 2> /dev/null | head -n 1)
  [ -z "$other" ] || { say "$left: the VM \\"$(basename "$other")\\" has its own set apart."; return 0; }
  for slice in $slices; do
    set=$(systemctl show -p AllowedCPUs --value "$slice" < /dev/null)
    [ -z "$set" ] || { say "$left: $slice is confined to $set already."; return 0; }
  done
  noted "apart"
  for slice in $slices; do
    systemctl set-property --runtime "$slice" "AllowedCPUs=$apart" < /dev/null || { say "$left."; return_apart; return 0; }
  done
}

# All processors first, as not every systemd takes an empty list to the kernel.
return_apart() {
  kept=0
  for slice in $slices; do
    systemctl set-property --runtime "$slice" "AllowedCPUs=$(cat /sys/devices/system/cpu/online)" < /dev/null || kept=1
    systemctl set-property --runtime "$slice" AllowedCPUs= < /dev/null || kept=1
  done
  return "$kept"
}

# An inhibitor lasts as long as its process, and that as long as its unit.
keep_awake() {
  [ -n "$awake" ] && [ -d /run/systemd/system ] || return 0
  keeper=passthrough-studio-awake-$name
  systemctl stop "$keeper.service" < /dev/null 2> /dev/null
  noted "unit $keeper.service"
  systemd-run --quiet --collect "--unit=$keeper" -- systemd-inhibit --what=sleep --mode=block \\
    --who='Passthrough Studio' "--why=The VM $name runs" sleep infinity < /dev/null ||
    say "The host is not kept from sleeping."
}

arm_timer() {
  [ "$minutes" != 0 ] || return 0
  timer=passthrough-studio-back-$name
  systemctl stop "$timer.timer" < /dev/null 2> /dev/null
  noted "unit $timer.timer"
  systemd-run --quiet --collect "--unit=$timer" "--on-active=$((minutes * 60))s" --timer-property=AccuracySec=1s \\
    --description="Brings the picture back from the VM $name" -- /bin/sh "$home/host.sh" unless-up < /dev/null ||
    fail "Nobody would bring the picture back: its timer cannot be set."
}

return_unit() { systemctl stop "$1" < /dev/null 2> /dev/null || :; }

# What is started at boot is not, once a start has failed: one that ended soon, or did not come so far.
note_result() {
  case \${SERVICE_RESULT-} in
    '') ;;
    success) rm -f "$home/start-failed" ;;
    *) [ -n "$(find "$note" -mmin +3 2> /dev/null)" ] || : > "$home/start-failed" ;;
  esac
}

# Asked as the VM's user, in whose directory the answer lies. The guest is not waited for once more.
end_unless_up() {
  setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs --inh-caps=-all -- \\
    timeout 30 /bin/sh "$home/start-vm.sh" is-up < /dev/null && exit 0
  say "The guest of \\"$name\\" did not come up in time; the VM was ended, and the host has its cards back."
  systemctl kill "$unit" < /dev/null
  systemctl stop "$unit" < /dev/null
}
`
