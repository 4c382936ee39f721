import { OWN_FILES, RESCUE_WORD } from '#shared/base/own-files.ts'
import type { RecipeOf } from '#shared/plan/recipe.ts'
import { SHELL_WAY } from './shell-way.ts'

const STEP_4 = '# Written by Passthrough Studio, step 4'
const UNIT_NAME = OWN_FILES.virtualUnit.slice(OWN_FILES.virtualUnit.lastIndexOf('/') + 1)

/** Virtual functions are gone after each boot: this makes them again, once their card has its driver. */
export const VIRTUAL_UNIT = `${STEP_4}: makes virtual functions (SR-IOV) at each boot.
[Unit]
Description=Make virtual functions for virtual machines
After=systemd-modules-load.service systemd-udev-trigger.service

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=3min
ExecStart=/bin/sh ${OWN_FILES.virtualScript}
`

export const VIRTUAL_UNIT_WANT = `${STEP_4}.\n[Unit]\nWants=${UNIT_NAME}\n`

/**
 * Makes virtual functions and holds those that VMs take. An address that holds another device, or a card that has some
 * already, is left alone. A virtual function is held only below the card it was chosen at.
 */
export function virtualScript({ cards, functions }: RecipeOf<'virtual-functions'>): string {
  const makes = cards.map((card) => line('make', card, String(card.count)))
  const holds = functions.map((each) => line('hold', each, each.physfn))
  return `#!/bin/sh
${STEP_4}: makes virtual functions (SR-IOV) and holds those that VMs take.
# An address that now holds another device, or another one of its kind, is left alone. Boot with ${RESCUE_WORD} to skip it.
read -r cmdline < /proc/cmdline
case " $cmdline " in *" ${RESCUE_WORD} "*) exit 0 ;; esac
failed=0
complain() {
  echo "$1" >&2
  failed=1
}
same() {
  read -r vendor < "$1/vendor"
  read -r id < "$1/device"
  [ "$vendor $id" = "$2 $3" ]
}
${SHELL_WAY}make() {
  card=/sys/bus/pci/devices/$1
  [ -e "$card" ] && same "$card" "$2" "$3" && reached "$card" "\${5:-}" || return 0
  waited=0
  until [ -e "$card/driver" ] || [ "$waited" -ge 60 ]; do
    sleep 1
    waited=$((waited + 1))
  done
  [ -e "$card/driver" ] || { complain "$1 has no driver, so no virtual functions"; return 0; }
  read -r now < "$card/sriov_numvfs"
  [ "$now" = 0 ] || return 0
  # Else the host's own driver takes them as soon as they are there.
  echo 0 > "$card/sriov_drivers_autoprobe"
  echo "$4" > "$card/sriov_numvfs" || complain "$1 makes no $4 virtual functions"
}
hold() {
  device=/sys/bus/pci/devices/$1
  [ -e "$device/driver_override" ] && [ ! -e "$device/driver" ] || return 0
  same "$device" "$2" "$3" && reached "$device" "\${5:-}" || return 0
  [ "$(readlink -f "$device/physfn")" = "$(readlink -f "/sys/bus/pci/devices/$4")" ] || return 0
  echo vfio-pci > "$device/driver_override"
  echo "$1" > /sys/bus/pci/drivers_probe
  [ -e "$device/driver" ] || complain "vfio-pci does not take $1"
}
${makes.join('\n')}
modprobe vfio-pci
${holds.join('\n')}
exit "$failed"
`
}

type Named = Pick<RecipeOf<'virtual-functions'>['cards'][number], 'address' | 'vendorId' | 'deviceId' | 'way'>

function line(verb: string, { address, vendorId, deviceId, way }: Named, more: string): string {
  return [verb, address, `0x${vendorId}`, `0x${deviceId}`, more, ...(way === null ? [] : [way])].join(' ')
}
