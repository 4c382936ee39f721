import { z } from 'zod'

/** Prefix of every line the proof guest prints on its serial port. */
export const REPORT_PREFIX = 'passthrough-studio-proof'

/** Name of the script in the proof guest's initramfs; its kernel starts it by rdinit=. */
export const PROOF_INIT = 'passthrough-studio-proof'

const guestFunction = z.strictObject({
  address: z.string(),
  vendorId: z.string(),
  deviceId: z.string(),
  classId: z.string(),
})
export type GuestFunction = z.infer<typeof guestFunction>

/** What a guest said of the PCI functions it sees. `simulated` is true when no guest ever ran. */
export const guestReport = z.strictObject({
  at: z.string(),
  vm: z.string(),
  kernel: z.string(),
  functions: z.array(guestFunction),
  simulated: z.boolean(),
})
export type GuestReport = z.infer<typeof guestReport>

const hex = (text: string) => text.replace(/^0x/u, '').toLowerCase()

/**
 * Reads a finished report from serial text, or null while the end line has not come.
 * Lines: `<prefix> function 0000:01:00.0 0x1234 0x1111 0x030000`, `<prefix> kernel 6.1.0`, `<prefix> end`.
 * The guest is not trusted: lines of any other shape are ignored.
 */
export function parseGuestReport(serial: string, vm: string, at: string): GuestReport | null {
  const functions: GuestFunction[] = []
  let kernel = ''
  for (const line of serial.split(/\r?\n/u)) {
    const words = line.trim().split(/\s+/u)
    if (words[0] !== REPORT_PREFIX) continue
    if (words[1] === 'end') return { at, vm, kernel, functions, simulated: false }
    if (words[1] === 'kernel') kernel = (words[2] ?? '').slice(0, 100)
    if (words[1] === 'function') pushFunction(functions, words)
  }
  return null
}

function pushFunction(functions: GuestFunction[], words: readonly string[]): void {
  const [, , address, vendor, device, classId] = words
  if (address === undefined || vendor === undefined || device === undefined || classId === undefined) return
  if (functions.length >= 1000) return
  functions.push({ address, vendorId: hex(vendor), deviceId: hex(device), classId: hex(classId) })
}
