import { createHash, randomBytes } from 'node:crypto'

/**
 * Exchanges IPv4 addresses so that two share as many leading bits afterwards as before (J. Xu and others,
 * "Prefix-preserving IP address anonymization", 2002): routes of any length lead to the same links. The key is made
 * for each report and kept nowhere.
 */
export class Addresses4 {
  private readonly key = randomBytes(32)
  private readonly known = new Map<number, number>()

  /** Returns an address as a number; 0 stands for none and stays. */
  exchanged(address: number): number {
    if (address === 0) return 0
    const old = this.known.get(address)
    if (old !== undefined) return old
    const bits = address.toString(2).padStart(32, '0')
    const flipped = Array.from(bits, (bit, index) => (this.flips(bits.slice(0, index)) ? 1 - Number(bit) : Number(bit)))
    const made = Number.parseInt(flipped.join(''), 2)
    this.known.set(address, made)
    return made
  }

  /** `192.168.1.5`; null: it is none. */
  dotted(text: string): string | null {
    const parts = text.split('.').map(Number)
    if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return null
    const made = this.exchanged(parts.reduce((value, part) => value * 256 + part, 0))
    return [24, 16, 8, 0].map((shift) => (made >>> shift) & 255).join('.')
  }

  /** Eight digits of /proc/net, in the byte order of this host; bits outside the mask stay 0. */
  littleEndian(hex: string, mask = 'FFFFFFFF'): string {
    const made = (this.exchanged(turned(hex)) & turned(mask)) >>> 0
    const digits = made.toString(16).padStart(8, '0').toUpperCase()
    return (digits.match(/../gu) ?? []).reverse().join('')
  }

  private flips(prefix: string): boolean {
    return ((createHash('sha256').update(this.key).update(prefix).digest()[0] ?? 0) & 1) === 1
  }
}

function turned(hex: string): number {
  return Number.parseInt((hex.match(/../gu) ?? []).reverse().join(''), 16)
}
