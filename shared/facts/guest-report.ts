import { z } from 'zod'

/** Prefix of every line the proof guest prints on its serial port. */
export const REPORT_PREFIX = 'passthrough-studio-proof'

/** Name of the script in the proof guest's initramfs; its kernel starts it by rdinit=. */
export const PROOF_INIT = 'passthrough-studio-proof'

/** Raised with each change of what the proof guest is made of, so that one made before is rebuilt. */
export const PROOF_VERSION = 5

/** Name of the virtio port the agent of a guest listens on (qemu-ga(8)). */
export const AGENT_PORT = 'org.qemu.guest_agent.0'

/** A PCI function as the guest sees it. Null: the guest did not tell, or there is none. */
const guestFunction = z.strictObject({
  address: z.string().nullable(),
  vendorId: z.string(),
  deviceId: z.string(),
  /** Six hexadecimal digits; the agent's own list of devices has none. */
  classId: z.string().nullable(),
  driver: z.string().nullable().default(null),
  driverVersion: z.string().nullable().default(null),
  /** Why the guest's system does not use the device, e.g. Code 43 in Windows. */
  trouble: z.string().nullable().default(null),
})
export type GuestFunction = z.infer<typeof guestFunction>

/** How a guest was asked. */
const reportSource = z.enum(['serial', 'agent'])

/** What a guest said of the PCI functions it sees. `simulated` is true when no guest ever ran. */
export const guestReport = z.strictObject({
  at: z.string(),
  vm: z.string(),
  kernel: z.string(),
  source: reportSource.default('serial'),
  functions: z.array(guestFunction),
  simulated: z.boolean(),
})
export type GuestReport = z.infer<typeof guestReport>

/** Returns whether the guest means this function of the host: vendor, device and, where the guest told it, class. */
export function isFunction(
  found: GuestFunction,
  device: { vendorId: string; deviceId: string; classId: string },
): boolean {
  const sameIds = found.vendorId === device.vendorId && found.deviceId === device.deviceId
  return sameIds && (found.classId === null || found.classId === device.classId)
}

/** One line for a terminal, as lspci would have it. */
export function functionLine({ address, vendorId, deviceId, classId, ...found }: GuestFunction): string {
  const place = [...(address === null ? [] : [address]), `${vendorId}:${deviceId}`]
  const kind = classId === null ? [] : [`class ${classId}`]
  const driver =
    found.driver === null ? [] : [`driver ${[found.driver, found.driverVersion].filter(Boolean).join(' ')}`]
  return [...place, ...kind, ...driver, ...(found.trouble === null ? [] : [`(${found.trouble})`])].join(' ')
}

/** A guest may claim anything; more than this is not kept. */
export const MAX_FUNCTIONS = 1000

const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/u
const ID = /^0x[0-9a-f]{4}$/u
const CLASS = /^0x[0-9a-f]{6}$/u

const hex = (text: string) => text.replace(/^0x/u, '')

/** Returns a guest's free words without what would move the cursor of a terminal, and not too many. */
export function printable(text: string, most = 100): string {
  return text.slice(0, most).replaceAll(/[^\x20-\x7e]/gu, '?')
}

/** Returns a guest's word for a driver or a version, if it has the form of one; `-` stands for none. */
export function plainWord(text: string | undefined): string | null {
  return text !== undefined && /^[A-Za-z0-9][A-Za-z0-9._+:-]{0,63}$/u.test(text) ? text : null
}

/**
 * Reads a finished report from a guest's text, or null while the end line has not come. Lines:
 * `<prefix> kernel 6.1.0`, `<prefix> function 0000:01:00.0 0x1234 0x1111 0x030000 bochs-drm -`, `<prefix> end`.
 * The guest is not trusted: lines of any other shape are ignored.
 */
export function parseGuestReport(
  text: string,
  from: Pick<GuestReport, 'vm' | 'at'> & { source: GuestReport['source'] },
): GuestReport | null {
  const functions: GuestFunction[] = []
  let kernel = ''
  for (const line of text.split(/\r?\n/u)) {
    const words = line.trim().split(/\s+/u)
    if (words[0] !== REPORT_PREFIX) continue
    if (words[1] === 'end') return { ...from, kernel, functions, simulated: false }
    if (words[1] === 'kernel') kernel = printable(words[2] ?? '')
    if (words[1] === 'function') pushFunction(functions, words)
  }
  return null
}

/**
 * Returns whether the proof guest said on its serial port that it starts an agent, which will tell the same and more.
 */
export function announcesAgent(serial: string): boolean {
  return serial.split(/\r?\n/u).some((line) => line.trim() === `${REPORT_PREFIX} agent`)
}

function pushFunction(functions: GuestFunction[], words: readonly string[]): void {
  const [, , address = '', vendor = '', device = '', classId = '', driver, version] = words
  if (!ADDRESS.test(address) || !ID.test(vendor) || !ID.test(device) || !CLASS.test(classId)) return
  if (functions.length >= MAX_FUNCTIONS) return
  functions.push({
    address,
    vendorId: hex(vendor),
    deviceId: hex(device),
    classId: hex(classId),
    driver: plainWord(driver),
    driverVersion: plainWord(version),
    trouble: null,
  })
}
