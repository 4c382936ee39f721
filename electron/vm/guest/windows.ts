import { z } from 'zod'
import { jsonOrNull } from '#shared/base/json.ts'
import { type GuestFunction, MAX_FUNCTIONS, plainWord } from '#shared/facts/guest-report.ts'
import { boundedArray, type windowsDevices } from './messages.ts'

/**
 * Lists the PCI functions Windows has, with class, driver and trouble, as JSON. Win32_PnPEntity knows ids and errors,
 * Win32_PnPSignedDriver the driver's version and the place. Not proven on a real Windows yet: its output is
 * parsed from the form Microsoft documents for these classes.
 */
export const WINDOWS_SCRIPT = [
  "$ErrorActionPreference='Stop'",
  '$drivers=@{}',
  "Get-CimInstance Win32_PnPSignedDriver|Where-Object DeviceID -like 'PCI\\*'|ForEach-Object{$drivers[$_.DeviceID]=$_}",
  "$found=@(Get-CimInstance Win32_PnPEntity|Where-Object DeviceID -like 'PCI\\*'|ForEach-Object{$driver=$drivers[$_.DeviceID]",
  '[pscustomobject]@{id=$_.DeviceID;compatible=@($_.CompatibleID);service=$_.Service;error=$_.ConfigManagerErrorCode;' +
    'version=$driver.DriverVersion;location=$driver.Location}})',
  'ConvertTo-Json -Compress -Depth 3 $found',
].join(';')

const entity = z.looseObject({
  id: z.string().max(300),
  compatible: z.array(z.string().max(300).nullable()).max(100),
  service: z.string().max(300).nullish(),
  error: z.number().int().nullish(),
  version: z.string().max(300).nullish(),
  location: z.string().max(300).nullish(),
})

/** One device is printed as an object, several as an array (ConvertTo-Json). */
const entities = z.union([boundedArray(entity, 2000), entity.transform((one) => [one])])

/** Returns what WINDOWS_SCRIPT printed; null when it is not that. */
export function parseWindows(text: string): GuestFunction[] | null {
  const parsed = entities.safeParse(jsonOrNull(text))
  if (!parsed.success) return null
  return parsed.data.flatMap(windowsFunction).slice(0, MAX_FUNCTIONS)
}

function windowsFunction(found: z.infer<typeof entity>): GuestFunction[] {
  const ids = /^PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})/iu.exec(found.id)
  if (ids === null) return []
  return [
    {
      address: addressOf(found.location ?? ''),
      vendorId: (ids[1] ?? '').toLowerCase(),
      deviceId: (ids[2] ?? '').toLowerCase(),
      classId: classOf(found.compatible),
      driver: plainWord(found.service ?? undefined),
      driverVersion: plainWord(found.version ?? undefined),
      trouble: troubleOf(found.error ?? 0),
    },
  ]
}

/** Returns the class from the compatible id that names a whole class, e.g. `PCI\CC_030000`. */
function classOf(compatible: readonly (string | null)[]): string | null {
  const found = compatible.map((id) => /&CC_([0-9A-F]{6})$|^PCI\\CC_([0-9A-F]{6})$/iu.exec(id ?? '')).find(Boolean)
  return (found?.[1] ?? found?.[2])?.toLowerCase() ?? null
}

/** `PCI bus 1, device 0, function 0`; in another language only the numbers are the same. */
function addressOf(location: string): string | null {
  const numbers = [...location.matchAll(/\d+/gu)].map(([number]) => Number(number))
  const [bus = 256, device = 32, fn = 8] = numbers
  if (numbers.length !== 3 || bus > 255 || device > 31 || fn > 7) return null
  const pad = (value: number) => value.toString(16).padStart(2, '0')
  return `0000:${pad(bus)}:${pad(device)}.${fn}`
}

/** Device Manager's code (Win32_PnPEntity.ConfigManagerErrorCode); 0: it works. */
function troubleOf(code: number): string | null {
  return code === 0 ? null : `Code ${code}`
}

/** Returns the agent's own list, for a guest in which programs may not be run. It tells neither address nor class. */
export function fromAgentDevices(devices: z.infer<typeof windowsDevices>): GuestFunction[] {
  const hex = (value: number) => value.toString(16).padStart(4, '0')
  return devices.slice(0, MAX_FUNCTIONS).flatMap(({ id, 'driver-name': name, 'driver-version': version }) => {
    if (id?.type !== 'pci') return []
    const ids = { vendorId: hex(id['vendor-id']), deviceId: hex(id['device-id']) }
    const driver = { driver: name.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, 64), driverVersion: plainWord(version) }
    return [{ ...ids, address: null, classId: null, ...driver, trouble: null }]
  })
}
