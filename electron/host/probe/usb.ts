import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'
import { type UsbDevice, usbId, type UsbKind, usbPort } from '#shared/facts/peripherals.ts'
import { findInUse, type InUse } from './in-use.ts'
import { word } from './udev.ts'

const DEVICES = '/sys/bus/usb/devices'
const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu
/** Class codes of usb.org; an interface of class 03 says in its protocol what it is. */
const HUB = '09'
const KINDS: Readonly<Record<string, UsbKind>> = {
  '01': 'sound',
  '02': 'network',
  '08': 'storage',
  '0b': 'smart card',
  '0e': 'video',
}

/** Finds everything on the USB ports of the host but hubs, and which of it the host itself needs. */
export async function findUsb(reader: Reader, use = findInUse(reader)): Promise<OrUnknown<UsbDevice[]>> {
  const listed = await reader.list(DEVICES)
  if (listed.kind === 'denied') return unknownBecause(`${DEVICES} cannot be read`)
  const names = listed.kind === 'names' ? listed.names : []
  const used = await use
  const found = await Promise.all(
    names.filter((name) => usbPort.safeParse(name).success).map((name) => usbDevice(reader, name, names, used)),
  )
  return found.filter((device) => device !== null)
}

async function usbDevice(
  reader: Reader,
  port: string,
  names: readonly string[],
  used: OrUnknown<InUse[]>,
): Promise<UsbDevice | null> {
  const at = async (file: string) => (await word(reader, `${DEVICES}/${port}/${file}`)) ?? ''
  const [vendorId, productId, classId] = [await at('idVendor'), await at('idProduct'), await at('bDeviceClass')]
  if (!usbId.safeParse(vendorId).success || !usbId.safeParse(productId).success || classId === HUB) return null
  const link = await reader.link(`${DEVICES}/${port}`)
  const place = link.kind === 'target' ? link.target : ''
  // Nodes are numbered with three digits at least (systemd, 50-udev-default.rules).
  const node = `/dev/bus/usb/${(await at('busnum')).padStart(3, '0')}/${(await at('devnum')).padStart(3, '0')}`
  const kinds = await kindsOf(reader, port, names)
  const called = [await at('manufacturer'), await at('product')].filter((part) => part !== '').join(' ')
  return {
    ...{ port, vendorId, productId, kinds, node },
    name: called === '' ? `device ${vendorId}:${productId}` : called,
    controller: place.match(ADDRESS)?.at(-1) ?? null,
    nodeUid: await reader.owner(node),
    use: useOf(port, place, kinds, used),
  }
}

/** Returns what an interface is: boot keyboards and mice are protocol 1 and 2 of class 03 (HID 1.11, 4.3). */
async function kindsOf(reader: Reader, port: string, names: readonly string[]): Promise<UsbKind[]> {
  const interfaces = names.filter((name) => name.startsWith(`${port}:`))
  const kinds = await Promise.all(
    interfaces.map(async (name): Promise<UsbKind> => {
      const at = `${DEVICES}/${name}`
      const [classId, protocol] = [
        await word(reader, `${at}/bInterfaceClass`),
        await word(reader, `${at}/bInterfaceProtocol`),
      ]
      if (classId === '03') return protocol === '01' ? 'keyboard' : protocol === '02' ? 'mouse' : 'other'
      return KINDS[classId ?? ''] ?? 'other'
    }),
  )
  return [...new Set(kinds)]
}

/** What hangs on it has its port in its place in sysfs. Where nothing can be told, disks and adapters stay here. */
function useOf(port: string, place: string, kinds: readonly UsbKind[], used: OrUnknown<InUse[]>): string | null {
  const carries = kinds.includes('storage') || kinds.includes('network')
  if (isUnknown(used)) return carries ? `What the host uses cannot be told: ${used.unknown}.` : null
  const own = used.find(({ at }) => at.includes(`/${port}/`))
  if (own !== undefined) return `The host needs it: ${own.why}.`
  return place === '' && carries ? 'Where it hangs cannot be told.' : null
}
