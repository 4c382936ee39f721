import { type Device, isBridge, isGpu, slotOf } from '../facts/pci.ts'
import { isInside } from './host-parts.ts'

/** Classes a graphics card carries beside its GPU: sound, USB-C and its controllers (03xx, 04xx, 0c03, 0c80). */
const ON_CARD = /^(03|04|0c03|0c80)/u

/** Classes of the graphics of a processor: its displays and the sound of its screens. */
const ON_PROCESSOR = /^(03|0403)/u

/** AMD's and Hygon's own: each function of a slot is a part of the processor or the chipset by itself. */
const CHIPSETS: ReadonlySet<string> = new Set(['1022', '1d94'])

/**
 * GPUs that stand for a card: the first of each slot, and each virtual one. A second display function of a slot is no
 * second card.
 */
export function leadGpus(devices: readonly Device[]): Device[] {
  const gpus = devices.filter(isGpu)
  const firsts = new Map(
    gpus
      .filter((gpu) => gpu.physfn === null)
      .reverse()
      .map((gpu) => [slotOf(gpu.address), gpu]),
  )
  return gpus.filter((gpu) => gpu.physfn !== null || firsts.get(slotOf(gpu.address)) === gpu)
}

/**
 * Functions that go to a VM together with a GPU: the whole slot, bridges excepted, and what hangs in other slots of the
 * same card. Newer cards carry a switch of their own, with the GPU and its sound on different buses (Arc A770). A
 * virtual function goes alone; so does the graphics of an AMD processor but for its sound, whatever shares its slot.
 */
export function unitOf(gpu: Device, devices: readonly Device[]): Device[] {
  if (gpu.physfn !== null) return [gpu]
  const slot = devices.filter((device) => slotOf(device.address) === slotOf(gpu.address) && isPhysical(device))
  if (slot.some(({ vendorId }) => CHIPSETS.has(vendorId)))
    return slot.filter(({ vendorId, classId }) => vendorId === gpu.vendorId && ON_PROCESSOR.test(classId))
  const port = cardSwitch(gpu, devices)
  if (port === null) return slot
  const others = below(port, devices).filter((device) => !slot.includes(device))
  return [...slot, ...others]
}

/** Further units, of functions that are on no card: a device with its slot, or what stands for itself in a slot. */
export function otherUnits(devices: readonly Device[]): Device[][] {
  const units = new Map<string, Device[]>()
  for (const device of devices.filter((candidate) => !isBridge(candidate) && !isInside(candidate))) {
    const key = unitKey(device)
    const known = units.get(key)
    if (known === undefined) units.set(key, [device])
    else known.push(device)
  }
  return [...units.values()]
}

/**
 * Processor and chipset have devices in one slot that have nothing to do with each other. USB 1 and 2 are an exception:
 * the controllers of both speeds share their ports (class 0c03 below 30, which is xHCI).
 */
function unitKey({ address, classId, physfn, vendorId, rootBus }: Device): string {
  const integrated = CHIPSETS.has(vendorId) || (rootBus !== null && address.startsWith(`${rootBus}:`))
  if (physfn !== null || !integrated) return physfn === null ? slotOf(address) : address
  return /^0c03[0-2]/u.test(classId) ? `${slotOf(address)} USB` : address
}

function isPhysical(device: Device): boolean {
  return !isBridge(device) && device.physfn === null
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

/** Returns all endpoints below a bridge that are there by themselves. */
function below(bridge: Device, devices: readonly Device[]): Device[] {
  const children = devices.filter((device) => device.parent === bridge.address)
  return children.flatMap((child) => (isBridge(child) ? below(child, devices) : child.physfn === null ? [child] : []))
}
