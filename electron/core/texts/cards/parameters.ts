import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import type { AtStart } from '#shared/vm/options/at-start.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

/** What the rest of the script works with; every value is of a closed form, so none can be more than a word. */
export function parameters({ name, user }: Pick<VmDefinition, 'name' | 'user'>, { functions, stop }: AtStart): string {
  const expected = functions.map(
    ({ address, vendorId, deviceId, way }) => `    ${address}) echo '0x${vendorId} 0x${deviceId} ${way}' ;;`,
  )
  return `#!/bin/sh
# Cards of the VM "${name}", written by Passthrough Studio, step 8. Root runs it: systemd around the VM, or a person.
#   cards.sh take        before QEMU starts: takes the functions below from the host; where that fails all go back
#   cards.sh end         by systemd, once QEMU is gone, however it ended; ends who still has a card open
#   cards.sh give-back   by a person, at any time, also again and again
# What was there before is noted in $note, a line for each thing, written before the thing is done. A boot empties
# /run, and the host then has its cards anyway.
set -u
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL

name=${name}
# As whom QEMU opens the groups.
user=${user.uid}
# In the order in which drivers let go: what uses a GPU before the GPU.
functions='${functions.map(({ address }) => address).join(' ')}'
# Stopped before, started again afterwards.
services='${stop.join(' ')}'
# Vendor, device, and the way to it through the ports.
expected() {
  case $1 in
${expected.join('\n')}
  esac
}

run=${RUN_DIRECTORY}
note=$run/taken/$name
devices=/sys/bus/pci/devices
# Seconds that the kernel gets for one write, and programs to let go of a card.
patience=10
# Whether it is certain that the VM is gone.
over=no
`
}
