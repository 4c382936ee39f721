import { HUGE_PAGE_MIB } from '../facts/huge-pages.ts'
import { shortAddress } from '../facts/pci.ts'
import type { Change } from './change.ts'

/** One change in a few words, as shown in the plan, the progress line and the journal. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'write-file':
      return `${change.expected === null ? 'Write' : 'Change'} ${change.path}`
    case 'rebuild-initramfs':
      return `Rebuild initramfs with ${change.tool}`
    case 'update-bootloader':
      return `Render the boot menu with ${change.tool}`
    case 'kernel-args':
      return `Add ${change.args.join(' ')} with ${change.tool}`
    case 'load-module':
      return `Load ${change.module}`
    case 'override-driver':
      return `Reserve ${shortAddress(change.address)} for ${change.override}`
    case 'bind-driver':
      return `Move ${shortAddress(change.address)} from ${change.expected.driver ?? 'no driver'} to ${change.driver}`
    case 'grant-device-access':
      return `Let uid ${change.uid} open /dev/vfio/${change.group}`
    case 'grant-node-access':
      return `Let uid ${change.uid} open ${change.node} (${change.expected.what})`
    case 'build-proof-guest':
      return `Build the proof guest in ${change.directory}`
    case 'guard-network':
      return `Have the old network come back after ${change.seconds} s unless it is kept`
    case 'switch-network':
      return `Move the network of ${change.uplink} to the bridge ${change.bridge} with ${change.manager}`
    case 'create-tap':
      return `Make the tap ${change.name} for uid ${change.uid}, a port of ${change.bridge}`
    case 'create-disk-image':
      return `Create ${change.path} (${change.sizeGiB} GiB, ${change.format})`
    case 'copy-firmware-vars':
      return `Copy ${change.template} to ${change.path}`
    case 'reserve-huge-pages':
      return `Let the kernel make up to ${change.pages} huge pages of ${HUGE_PAGE_MIB} MiB`
  }
}
