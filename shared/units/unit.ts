import { type Device, isBridge, isGpu, slotOf } from '../facts/pci.ts'

/** Classes a graphics card carries beside its GPU: sound, USB-C and its controllers (03xx, 04xx, 0c03, 0c80). */
const ON_CARD = /^(03|04|0c03|0c80)/u

/** GPUs that stand for a card: the first of each slot. A second display function of a slot is no second card. */
export function leadGpus(devices: readonly Device[]): Device[] {
  const gpus = devices.filter(isGpu)
  return gpus.filter((gpu) => gpus.find((other) => slotOf(other.address) === slotOf(gpu.address)) === gpu)
}

/**
 * Functions that go to a VM together: the whole slot, bridges excepted, and what hangs in other slots of the same
 * card. Newer cards carry a switch of their own, with the GPU and its sound on different buses (Arc A770).
 */
export function unitOf(gpu: Device, devices: readonly Device[]): Device[] {
  const slot = devices.filter((device) => slotOf(device.address) === slotOf(gpu.address) && !isBridge(device))
  const port = cardSwitch(gpu, devices)
  if (port === null) return slot
  const others = below(port, devices).filter((device) => !slot.includes(device))
  return [...slot, ...others]
}

/**
 * Returns the upstream port of the card's own switch. It and the port above the GPU have the GPU's vendor, and all
 * below it is of that vendor and of a kind that cards carry; a switch of the board or of a Thunderbolt dock has others.
 * Two slots with GPUs behind it are two cards, each for itself.
 */
function cardSwitch(gpu: Device, devices: readonly Device[]): Device | null {
  const find = (address: string | null) => devices.find((device) => device.address === address)
  const downstream = find(gpu.parent)
  const upstream = downstream === undefined ? undefined : find(downstream.parent)
  if (downstream?.vendorId !== gpu.vendorId || upstream?.vendorId !== gpu.vendorId || upstream.parent === null)
    return null
  const inside = below(upstream, devices)
  const alike = inside.every((device) => device.vendorId === gpu.vendorId && ON_CARD.test(device.classId))
  const slots = new Set(inside.filter(isGpu).map((device) => slotOf(device.address)))
  return alike && slots.size === 1 ? upstream : null
}

/** Returns all endpoints below a bridge. */
function below(bridge: Device, devices: readonly Device[]): Device[] {
  const children = devices.filter((device) => device.parent === bridge.address)
  return children.flatMap((child) => (isBridge(child) ? below(child, devices) : [child]))
}
