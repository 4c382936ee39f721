import { drivesOf } from '#core/definition/disk/disk-arguments.ts'
import { type PlacedDisk, placedDisks } from '#core/definition/disk/placed-disks.ts'
import { tapsOf } from '#core/definition/network/nics.ts'
import { RUN_DIRECTORY, VM_RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { shellQuote } from '#shared/base/shell-quote.ts'
import { GIGANTIC_PAGES, HUGE_PAGE_MIB, HUGE_PAGES } from '#shared/facts/compute/huge-pages.ts'
import { KVMFR_NODE } from '#shared/facts/peripherals.ts'
import type { ExpectedFunction } from '#shared/vm/options/at-start.ts'
import { type VmDefinition, vmPaths, vmUnit } from '#shared/vm/vm.ts'

/** What the rest of the script works with; every value is of a closed form or quoted, so none can be more than a word. */
export function parameters(definition: VmDefinition): string {
  return `${head(definition.name)}
${ofVm(definition)}
${ofCards(definition)}
${ofHost(definition)}

run=${RUN_DIRECTORY}
place=${VM_RUN_DIRECTORY}/$name
note=$run/taken/$name
said=$run/said/$name
devices=/sys/bus/pci/devices
# Seconds that the kernel gets for one write, and programs to let go of a card.
patience=10
# Whether it is certain that the VM is gone.
over=no
`
}

function ofVm({ name, user, tpm }: VmDefinition): string {
  return `name=${name}
unit=${vmUnit(name)}
home=${vmPaths(name).home}
# As whom QEMU runs.
user=${user.uid}
group=${user.gid}
# Directory of a TPM's state.
tpm=${tpm ? vmPaths(name).tpmState : ''}`
}

function ofCards({ atStart, held = [] }: VmDefinition): string {
  const { functions, stop, minutes } = atStart ?? { functions: [], stop: [], minutes: null }
  return `# Taken from the host's drivers as long as the VM runs, in the order in which drivers let go: what uses a GPU before it.
functions='${addresses(functions)}'
# Kept from the host already; they are only looked at.
held='${addresses(held)}'
# Stopped before, started again afterwards.
services='${stop.join(' ')}'
# Minutes after which the VM is ended if its guest is not up by then; 0: nobody looks.
minutes=${minutes ?? 0}

# Vendor, device, and the way to it through the ports.
expected() {
  case $1 in
${[...functions, ...held].map(expectation).join('\n')}
  esac
}
`
}

function ofHost(definition: VmDefinition): string {
  const { hugePages, hugePageMiB, memoryMiB, setApart, pinning, hostSleep } = definition
  return `# Huge pages, and how many MiB one has.
pages=${hugePages ? memoryMiB / hugePageMiB : 0}
page=${hugePageMiB}
pool=${hugePageMiB === HUGE_PAGE_MIB ? HUGE_PAGES : GIGANTIC_PAGES}
# Processors that are left to everything else meanwhile.
apart='${setApart && pinning !== null ? (pinning.others ?? pinning.emulator).join(',') : ''}'
# Whether the host may not sleep meanwhile.
awake=${hostSleep === 'waits' ? 'yes' : ''}

# Devices that are given to the VM besides; $1: what to do with each.
each_device() {
${devices(definition).join('\n')}
  return 0
}

# The VM's ends of bridges, each with its bridge and how many queues it has.
make_taps() {
${taps(definition).join('\n')}
  return 0
}`
}

function head(name: string): string {
  return `#!/bin/sh
# The host's part of the VM "${name}", written by Passthrough Studio, step 8. Root runs it: systemd around the VM, or a
# person. QEMU itself is start-vm.sh's.
#   host.sh take        before QEMU starts: looks, then prepares the host; where that fails all is as it was
#   host.sh end         by systemd, once QEMU is gone, however it ended; ends who still has a card open
#   host.sh give-back   by a person, at any time, also again and again
#   host.sh unless-up   by a timer: ends the VM unless its guest is up
# What was there before is noted in $note, a line for each thing, written before the thing is done. A boot empties
# /run, and the host then is as it was anyway.
set -u
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
`
}

function addresses(functions: readonly ExpectedFunction[]): string {
  return functions.map(({ address }) => address).join(' ')
}

function expectation({ address, vendorId, deviceId, way }: ExpectedFunction): string {
  return `    ${address}) echo '0x${vendorId} 0x${deviceId} ${way}' ;;`
}

function taps(definition: VmDefinition): string[] {
  return tapsOf(definition).flatMap(({ tap, bridge, queues = 1 }) =>
    bridge === undefined ? [] : [`  make_tap ${tap} ${bridge} ${queues}`],
  )
}

function devices(definition: VmDefinition): string[] {
  const { usbDevices, inputDevices, kvmfr } = definition
  return [
    ...usbDevices.map(({ port, vendorId, productId }) => `  "$1_usb" ${port} ${vendorId} ${productId}`),
    ...inputDevices.map(({ path }) => `  "$1_node" ${shellQuote(path)}`),
    ...drivesOf(definition).flatMap(({ disk }) =>
      disk.kind === 'device' ? [`  "$1_disk" ${shellQuote(disk.path)}`] : [],
    ),
    ...placedDisks(definition).map(placed),
    ...(kvmfr ? [`  "$1_node" ${KVMFR_NODE}`] : []),
  ]
}

/** An image that lies on a disk of its own is looked for: an empty mount point has none. */
function placed({ path, place: { mount } }: PlacedDisk): string {
  const asked = mount === '/' ? '' : ` Is its disk mounted at ${mount}?`
  return `  [ "$1" = open ] || [ -f ${path} ] || fail '${path} is not there.${asked}'`
}
