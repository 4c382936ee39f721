import type { Facts, NetworkLink } from '#shared/facts/facts.ts'
import { isLibvirtBridge, NEW_BRIDGE } from '#shared/facts/network.ts'
import type { Choices } from '#shared/wizard/choices.ts'

export function linkOf(facts: Facts, name: string | null): NetworkLink | null {
  return facts.network.links.find((link) => link.name === name) ?? null
}

export function bridgesOf(facts: Facts): NetworkLink[] {
  return facts.network.links.filter((link) => link.kind === 'bridge')
}

/** Bridges a VM may join: those of containers are not for it. Libvirt's has addresses for guests, behind NAT. */
export function joinableBridges(facts: Facts): NetworkLink[] {
  const isPrivate = /^(docker\d|br-[0-9a-f]{12}$|lxcbr\d|lxdbr\d|podman\d|cni)/u
  const found = bridgesOf(facts).filter((link) => !isPrivate.test(link.name))
  return [...found].sort((one, other) => Number(isLibvirtBridge(one.name)) - Number(isLibvirtBridge(other.name)))
}

/** Returns the bridge the choice means; null while it is not there or two would fit. */
export function chosenBridge(facts: Facts, { network }: Choices): NetworkLink | null {
  if (network.mode === 'user') return null
  const name = network.bridge ?? (network.mode === 'new-bridge' ? NEW_BRIDGE : null)
  // One behind NAT is joined when somebody says so.
  const fitting = joinableBridges(facts).filter((link) => !isLibvirtBridge(link.name))
  if (name !== null) return bridgesOf(facts).find((link) => link.name === name) ?? null
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}
