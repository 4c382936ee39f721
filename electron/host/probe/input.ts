import type { Reader } from '#shared/base/system.ts'
import { type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import type { InputDevice } from '#shared/facts/peripherals.ts'
import { type UdevEntry, udevEntry, word } from './udev.ts'

const INPUT = '/sys/class/input'
const USB_PORT = /\/(\d+-\d+(?:\.\d+)*)\/[^/]*:/gu

/** Keyboards and mice as event devices, by udev's own judgement (udev builtin input_id). Virtual ones are left out. */
export async function findInput(reader: Reader): Promise<OrUnknown<InputDevice[]>> {
  const listed = await reader.list(INPUT)
  if (listed.kind === 'denied') return unknownBecause(`${INPUT} cannot be read`)
  const names = listed.kind === 'names' ? listed.names.filter((name) => /^event\d+$/u.test(name)) : []
  const found = await Promise.all(names.map((name) => inputDevice(reader, name)))
  return found.filter((device) => device !== null)
}

async function inputDevice(reader: Reader, name: string): Promise<InputDevice | null> {
  const at = await reader.link(`${INPUT}/${name}`)
  if (at.kind !== 'target' || at.target.includes('/devices/virtual/')) return null
  const number = await word(reader, `${INPUT}/${name}/dev`)
  const entry = number === null ? null : await udevEntry(reader, 'c', number)
  const kind = entry === null ? null : kindOf(entry)
  if (entry === null || kind === null) return null
  const node = `/dev/input/${name}`
  return {
    name: (await word(reader, `${INPUT}/${name}/device/name`)) ?? name,
    kind,
    node,
    path: pathOf(entry),
    usbPort: [...at.target.matchAll(USB_PORT)].at(-1)?.[1] ?? null,
    nodeUid: await reader.owner(node),
  }
}

function kindOf({ properties }: UdevEntry): InputDevice['kind'] | null {
  if (properties.get('ID_INPUT_KEYBOARD') === '1') return 'keyboard'
  return properties.get('ID_INPUT_MOUSE') === '1' ? 'mouse' : null
}

/** By the device's own identity where it has one, else by where it is plugged in; a PS/2 keyboard has only that. */
function pathOf({ links }: UdevEntry): string | null {
  const link =
    links.find((one) => one.startsWith('input/by-id/')) ?? links.find((one) => one.startsWith('input/by-path/'))
  return link === undefined ? null : `/dev/${link}`
}
