#!/bin/sh
# Stands for a kernel below $ROOT: what a write to one of its attributes does, in the place of tee(1).
tick
IFS= read -r value || value=
pci=$ROOT/sys/bus/pci

# A driver that drives a display makes its nodes, and takes them along.
nodes() {
  case $1 in
    bochs-drm)
      if [ "$2" = on ]; then mkdir -p "$3/drm/card0" "$3/graphics/fb0"; : > "$ROOT/dev/dri/card0"
      else /bin/rm -rf "$3/drm" "$3/graphics"; /bin/rm -f "$ROOT/dev/dri/card0"; fi ;;
    vfio-pci)
      group=$ROOT/dev/vfio/$(basename "$(readlink "$3/iommu_group")")
      if [ "$2" = on ]; then [ -e "$group" ] || echo 0 600 > "$group"
      else ls -d "$3"/iommu_group/devices/*/driver/vfio-mark > /dev/null 2>&1 || /bin/rm -f "$group"; fi ;;
  esac
}

bind() {
  [ -e "$pci/drivers/$2" ] && [ ! -e "$1/driver" ] || return 0
  case " ${REFUSES-} " in *" $2 "*) return 0 ;; esac
  ln -s "../../../../bus/pci/drivers/$2" "$1/driver"
  nodes "$2" on "$1"
}

case $1 in
  */nr_overcommit_hugepages) echo "$value" > "$1" ;;
  */driver_override) echo "${value:-(null)}" > "$1" ;;
  */drivers_probe)
    device=$pci/devices/$value
    driver=$(cat "$device/driver_override")
    [ "$driver" != '(null)' ] || driver=$(cat "$device/native")
    bind "$device" "$driver" ;;
  */driver/unbind)
    device=${1%/driver/unbind}
    [ "${HANGS-}" != "$value" ] || exec /bin/sleep 30
    driver=$(basename "$(readlink "$device/driver")")
    /bin/rm "$device/driver"
    nodes "$driver" off "$device" ;;
  */unbind) /bin/rm "${1%/unbind}/$value" ;;
  */bind) ln -s "../../devices/$value" "${1%/bind}/$value" ;;
esac
tick
