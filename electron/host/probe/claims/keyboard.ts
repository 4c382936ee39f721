import type { Reader } from '#shared/base/system.ts'
import type { Claim } from '#shared/facts/facts.ts'

const ADDRESS = /[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/gu
/** Keys 1 to 31 (Esc to S): who has them all is a keyboard and no power button (udev, builtin input_id). */
const LETTERS = 0xfffffffen

/**
 * Returns the USB controller that every keyboard of this host hangs on. A keyboard elsewhere (PS/2, another controller)
 * means that none is the only one; virtual devices are no keyboards one could type on.
 */
export async function keyboardClaims(reader: Reader): Promise<Claim[]> {
  const devices = await reader.read('/proc/bus/input/devices')
  if (devices.kind !== 'text') return []
  const keyboards = devices.text.split('\n\n').filter(isKeyboard)
  const places = new Set(keyboards.map((block) => (sysfsOf(block).match(ADDRESS) ?? []).at(-1) ?? 'elsewhere'))
  const [only] = [...places]
  if (only === undefined || places.size > 1 || only === 'elsewhere') return []
  const name = /^N: Name="(.*)"$/mu.exec(keyboards[0] ?? '')?.[1] ?? 'unnamed'
  return [
    {
      address: only,
      kind: 'input',
      detail: `the only keyboard (${name}) is connected to it`,
      certain: true,
      stop: null,
    },
  ]
}

function sysfsOf(block: string): string {
  return /^S: Sysfs=(.*)$/mu.exec(block)?.[1] ?? ''
}

function isKeyboard(block: string): boolean {
  if (!/^H: Handlers=.*\bkbd\b/mu.test(block) || sysfsOf(block).startsWith('/devices/virtual/')) return false
  const lowest = /^B: KEY=(.*)$/mu.exec(block)?.[1]?.trim().split(' ').at(-1) ?? ''
  return /^[0-9a-f]+$/u.test(lowest) && (BigInt(`0x${lowest}`) & LETTERS) === LETTERS
}
