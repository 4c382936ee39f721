/** Takes the functions from the host's drivers. */
export const TAKE = `
stop_service() {
  # One that starts, stops, or waits to be started would have the card in a moment.
  if state=$(systemctl is-active "$1" < /dev/null); then state=active; fi
  case $state:$(systemctl show -p Job --value "$1" < /dev/null) in
    active:* | activating:* | reloading:* | deactivating:* | *:[1-9]*) ;;
    *) return 0 ;;
  esac
  noted "service $1"
  timeout 60 systemctl stop "$1" < /dev/null || fail "$1 does not stop."
}

# Programs of what was stopped take a moment to end; services of a user who was logged in stay for ten seconds
# (UserStopDelaySec, logind.conf(5)).
wait_until_unused() {
  looks=0
  while left=$(users | head -n 1); [ -n "$left" ]; do
    looks=$((looks + 1))
    [ "$looks" -lt 30 ] || fail "The card is still in use by $(called "$left")."
    sleep 1
  done
}

# Whether a framebuffer of the firmware is on one of the functions: below it, or without a place on the boot display.
on_card() {
  below=$(readlink -f "$1")
  for function in $functions; do
    case $below in *"/$function/"*) return 0 ;; esac
    case $below:$(cat "$devices/$function/boot_vga" 2> /dev/null) in /sys/devices/platform/*:1) return 0 ;; esac
  done
  return 1
}

# A text console goes with its framebuffer and comes back with it. To unbind it by hand would be for good where the VGA
# console is gone: vt_bind in the kernel takes it back from a built-in console only.
leave_framebuffer() {
  for driver in efi-framebuffer simple-framebuffer vesa-framebuffer; do
    for framebuffer in "/sys/bus/platform/drivers/$driver"/*.*; do
      if ! [ -e "$framebuffer" ] || ! on_card "$framebuffer"; then continue; fi
      noted "framebuffer \${framebuffer##*/} $driver"
      write - "\${framebuffer##*/}" "/sys/bus/platform/drivers/$driver/unbind" || fail "The boot framebuffer stays."
    done
  done
}

# The override first, so that nothing else takes a function in between.
reserve() {
  ! held_by_vfio "$1" || return 0
  noted "function $1 $(override_of "$1") $(driver_of "$1")"
  write "$1" vfio-pci "$devices/$1/driver_override" || fail "$1 cannot be kept for vfio-pci."
}

release() {
  ! held_by_vfio "$1" || return 0
  driver=$(driver_of "$1")
  [ "$driver" = - ] || write "$1" "$1" "$devices/$1/driver/unbind" || fail "$driver does not let go of $1."
}

probe() {
  ! held_by_vfio "$1" || return 0
  write "$1" "$1" /sys/bus/pci/drivers_probe || fail "vfio-pci does not take $1."
  held_by_vfio "$1" || fail "$1 is not on vfio-pci; journalctl -k says why."
}

# QEMU opens the groups as its user.
grant() { open_node "/dev/vfio/$(group_of "$1")"; }

look() {
  for function in $functions; do check_function "$function"; done
  for function in $held; do check_held "$function"; done
  for function in $functions; do check_unneeded "$function"; done
  each_device check
  [ -z "$functions" ] || check_unused
  for function in $held; do
    user_of=$(holders "/dev/vfio/$(group_of "$function")" | head -n 1)
    [ -z "$user_of" ] || fail "$function is in use by $(called "$user_of")."
  done
}

take_functions() {
  [ -n "$functions" ] || return 0
  [ -e /sys/bus/pci/drivers/vfio-pci ] || modprobe vfio-pci || fail "vfio-pci cannot be loaded."
  for service in $services; do stop_service "$service"; done
  wait_until_unused
  leave_framebuffer
  for function in $functions; do reserve "$function"; done
  for function in $functions; do release "$function"; done
  for function in $functions; do probe "$function"; done
}

take() {
  give_back || { say "What an earlier start took is not back yet."; exit 1; }
  look
  over=yes
  make_places
  make_taps
  raise_pages
  take_functions
  for function in $held; do noted "held $function"; done
  for function in $functions $held; do grant "$function"; done
  each_device open
  set_apart
  keep_awake
  arm_timer
}
`
