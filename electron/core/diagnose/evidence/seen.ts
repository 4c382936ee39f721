import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { classWords, type Device, deviceName, isGpu, shortAddress } from '#shared/facts/pci.ts'

/** What a recognised message named, for looking it up on this host. Null: it named none. */
export interface Seen {
  /** Full address, lower case. */
  address: string | null
  group: number | null
  /** The message as it was read. */
  text: string
}

/** What this host shows. `no`: the host contradicts it; `unchecked`: nothing known here tells. */
export interface Shown {
  state: 'yes' | 'no' | 'unchecked'
  text: string
}

/** Looks on this host for what a failure would leave there. */
export type Check = (facts: Facts, seen: Seen) => Shown

export function yes(text: string): Shown {
  return { state: 'yes', text }
}

export function no(text: string): Shown {
  return { state: 'no', text }
}

export function unchecked(text: string): Shown {
  return { state: 'unchecked', text }
}

// A colon or hex digit before it is a time of day or a MAC address.
const ADDRESS = /(?<![0-9a-f:])(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])(?![0-9a-f.])/iu
const GROUP = /(?:\bgroup[ :]{1,2}|\/dev\/vfio\/(?:noiommu-)?)(\d{1,5})\b/iu

/** Reads address and group out of a message. */
export function seenIn(text: string): Seen {
  const address = ADDRESS.exec(text)
  const group = GROUP.exec(text)?.[1]
  const local = address?.[2]?.toLowerCase()
  return {
    address: local === undefined ? null : `${address?.[1]?.toLowerCase() ?? '0000'}:${local}`,
    group: group === undefined ? null : Number(group),
    text,
  }
}

/** `07:00.0, a SATA controller on ahci` */
export function inWords(device: Device): string {
  const on = device.driver === null ? 'without a driver' : `on ${device.driver}`
  const kind = classWords(device.classId)
  return `${shortAddress(device.address)}, ${/^[aeiou]/iu.test(kind) ? 'an' : 'a'} ${kind} ${on}`
}

/** `Quadro M4000 at 04:00.0` */
export function named(device: Device): string {
  return `${deviceName(device)} at ${shortAddress(device.address)}`
}

export function deviceAt(facts: Facts, address: string): Device | undefined {
  return facts.devices.find((device) => device.address === address)
}

/** Returns the sentence for an address that this host does not have: the text may come from elsewhere. */
export function notHere(address: string): Shown {
  return no(
    `This host has no device at ${shortAddress(address)}: the card has moved, or the text is of another machine.`,
  )
}

/** Devices a message is about: the one it names, else those of its group, else the display controllers. */
export function subjects(facts: Facts, seen: Seen): Device[] {
  if (seen.address !== null) return facts.devices.filter((device) => device.address === seen.address)
  if (seen.group !== null) return facts.devices.filter((device) => device.iommuGroup === seen.group)
  return facts.devices.filter(isGpu)
}

/** Runs a check on one device named by a message, or on each display controller when it named none. */
export function eachSubject(facts: Facts, seen: Seen, judge: (device: Device) => Shown): Shown {
  const devices = subjects(facts, seen)
  if (devices.length > 0) return joined(devices.map(judge))
  if (seen.address !== null) return notHere(seen.address)
  if (seen.group !== null) return no(`This host has no IOMMU group ${seen.group}.`)
  return unchecked('This host has no display controller to look at.')
}

function joined(all: readonly Shown[]): Shown {
  const states = all.map(({ state }) => state)
  const state = states.includes('yes') ? 'yes' : states.includes('unchecked') ? 'unchecked' : 'no'
  return { state, text: [...new Set(all.map(({ text }) => text))].join(' ') }
}

/** `QEMU 7.2.22`, or why there is no version to tell. */
export function qemuWords({ qemu }: Facts): string {
  if (qemu === null) return 'no QEMU'
  return isUnknown(qemu) ? 'a QEMU whose version could not be read' : `QEMU ${qemu.version}`
}
