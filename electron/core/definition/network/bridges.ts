import type { Facts, NetworkLink } from '#shared/facts/facts.ts'
import { NEW_BRIDGE } from '#shared/facts/network.ts'
import type { Choices } from '#shared/wizard/choices.ts'

export function linkOf(facts: Facts, name: string | null): NetworkLink | null {
  return facts.network.links.find((link) => link.name === name) ?? null
}

export function bridgesOf(facts: Facts): NetworkLink[] {
  return facts.network.links.filter((link) => link.kind === 'bridge')
}

/** Bridges a VM may join: the ones Docker and libvirt make for themselves are not on the network. */
export function joinableBridges(facts: Facts): NetworkLink[] {
  const isPrivate = /^(docker\d|br-[0-9a-f]{12}$|virbr\d|lxcbr\d|lxdbr\d|podman\d|cni)/u
  return bridgesOf(facts).filter((link) => !isPrivate.test(link.name))
}

/** Returns the bridge the choice means; null while it is not there or two would fit. */
export function chosenBridge(facts: Facts, { network }: Choices): NetworkLink | null {
  if (network.mode === 'user') return null
  const name = network.bridge ?? (network.mode === 'new-bridge' ? NEW_BRIDGE : null)
  const fitting = joinableBridges(facts)
  if (name !== null) return bridgesOf(facts).find((link) => link.name === name) ?? null
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}
