import type { NicModel } from '#shared/vm/options/network.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'

/** One network card of a VM. Number 1 is the one whose network step 7 chooses. */
export interface Nic {
  number: number
  model: NicModel
  network: VmDefinition['network']
}

/** Network cards of a VM, the first first. */
export function nicsOf({ network, nicModel, moreNics }: VmDefinition): Nic[] {
  return [{ number: 1, model: nicModel, network }, ...moreNics]
}

/** What of a definition its networks are known from. */
export type WithNetworks = Pick<VmDefinition, 'network' | 'moreNics'>

/** The VM's taps, in the order of its cards. */
export function tapsOf({ network, moreNics }: WithNetworks): Extract<VmDefinition['network'], { kind: 'tap' }>[] {
  return [network, ...moreNics.map((nic) => nic.network)].flatMap((one) => (one.kind === 'tap' ? [one] : []))
}
