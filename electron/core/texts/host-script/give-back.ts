/** Gives back what the note says, last first. What cannot be given back is said, and the rest goes on. */
export const GIVE_BACK = `
return_groups() {
  sed -n 's|^node \\(/dev/vfio/.*\\)|\\1|p' "$note" | while read -r node owner mode; do return_node "$node" "$owner" "$mode"; done
}

# A program that has a group open would be waited for by the kernel. Once the unit is over it is not the VM.
wait_until_closed() {
  [ "$over" = no ] || return_groups
  looks=0
  while open=$(group_holders); [ -n "$open" ]; do
    looks=$((looks + 1))
    [ "$looks" -lt "$patience" ] || end_holders "$open" || return 1
    sleep 1
  done
}

end_holders() {
  [ "$over" = yes ] && [ "$looks" -lt $((patience * 2)) ] || return 1
  for pid in $1; do
    say "$(called "$pid") has the card open and is ended."
    kill -9 "$pid"
  done
}

group_holders() {
  sed -n 's/^function \\([^ ]*\\) .*/\\1/p; s/^held //p' "$note" | while read -r function; do
    [ ! -e "$devices/$function/iommu_group" ] || holders "/dev/vfio/$(group_of "$function")"
  done | sort -u
}

# To the driver it had: FUNCTION OVERRIDE DRIVER. One whose module is gone is loaded by the function's alias.
return_function() {
  [ -e "$devices/$1/vendor" ] || { say "$1 is not there any more."; return 1; }
  [ ! -e "$run/stuck-$1" ] || { say "The kernel hangs on $1; it is the host's again after a reboot."; return 1; }
  override=$2
  [ "$override" != - ] || override=
  write "$1" "$override" "$devices/$1/driver_override" || return 1
  driver=$(driver_of "$1")
  [ "$driver" != "$3" ] || return 0
  [ "$driver" = - ] || write "$1" "$1" "$devices/$1/driver/unbind" || return 1
  [ "$3" != - ] || return 0
  write "$1" "$1" /sys/bus/pci/drivers_probe || return 1
  if [ "$(driver_of "$1")" = - ]; then
    modprobe "$(cat "$devices/$1/modalias")" < /dev/null
    [ "$(driver_of "$1")" != - ] || write "$1" "$1" /sys/bus/pci/drivers_probe || return 1
  fi
  [ "$(driver_of "$1")" = "$3" ] || { say "$1 was let go, but $3 did not take it."; return 1; }
}

return_framebuffer() {
  [ ! -e "/sys/bus/platform/devices/$1" ] || [ -e "/sys/bus/platform/drivers/$2/$1" ] ||
    write - "$1" "/sys/bus/platform/drivers/$2/bind"
}

# Nothing waits for it: at the end of a session of hours nobody is there. At a shutdown nothing is started.
return_service() {
  case $(systemctl is-system-running < /dev/null) in stopping) return 0 ;; esac
  udevadm settle --timeout="$patience" < /dev/null
  systemctl start --no-block "$1" < /dev/null || { say "$1 does not start again."; return 1; }
}

give_back() {
  [ -e "$note" ] || return 0
  wait_until_closed || { say "The VM is still there; nothing is given back."; return 1; }
  back=
  while read -r line; do
    back="$line
$back"
  done < "$note"
  left=0
  while read -r what which former driver; do
    case $what in
      service) return_service "$which" ;;
      framebuffer) return_framebuffer "$which" "$former" ;;
      function) return_function "$which" "$former" "$driver" ;;
      node) return_node "$which" "$former" "$driver" ;;
      tap) return_tap "$which" ;;
      pages) return_pages "$which" "$former" ;;
      apart) return_apart ;;
      unit) return_unit "$which" ;;
    esac || left=1
  done << END
$back
END
  rm -f "$note"
  return "$left"
}
`

/** Which of them is asked for. One at a time: what hangs in the kernel does not keep the lock. */
export const MAIN = `
mkdir -p "$run/taken" "$run/said" || exit 1
case \${1-} in unless-up) end_unless_up; exit ;; esac
exec 9> "$run/taken.lock"
flock -w 120 9 || { say "Another start or end is still at work."; exit 1; }
case \${1-} in
  take)
    : > "$said"
    take
    ;;
  give-back) give_back ;;
  end)
    over=yes
    note_result
    give_back
    ;;
  *) say "Say take, end, give-back or unless-up."; exit 2 ;;
esac
`
