/** Placeholders that keep the form of what they stand for, so that a replay parses them the same way. */
const FORMS: Readonly<Record<string, (count: number) => string>> = {
  host: (count) => `host${count}`,
  user: (count) => `user${count}`,
  uuid: (count) => `00000000-0000-4000-8000-${hex(count, 12)}`,
  uuidValue: (count) => `id${count}`,
  diskId: (count) => `disk-id-${count}`,
  serial: (count) => `serial${count}`,
  mac: (count) => (hex(count, 12).match(/../gu) ?? []).join(':'),
  ip4: (count) => `203.0.113.${count % 256}`,
  ip6: (count) => `2001:db8::${count.toString(16)}`,
  machineId: (count) => hex(count, 32),
}

/** Addresses that everybody has: unspecified, loopback, masks. */
const COMMON = /^(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|255\.\d+\.\d+\.\d+|::1?)$/u

/** Vendor GUIDs in names of EFI variables: global (UEFI specification, 3.3), shim and the boot loader interface. */
const PUBLIC_IDS = new Set([
  '8be4df61-93ca-11d2-aa0d-00e098032b8c',
  '605dab50-e046-4300-abb6-3dd810dd8b23',
  '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f',
])

function hex(count: number, digits: number): string {
  return count.toString(16).padStart(digits, '0')
}

/** Hands out one placeholder for each different value. */
export class Placeholders {
  private readonly known = new Map<string, string>()
  private readonly used = new Map<string, number>()

  for(kind: string, value: string): string {
    if (COMMON.test(value) || PUBLIC_IDS.has(value.toLowerCase())) return value
    const key = `${kind} ${value.toLowerCase()}`
    const old = this.known.get(key)
    if (old !== undefined) return old
    const count = (this.used.get(kind) ?? 0) + 1
    this.used.set(kind, count)
    const made = shaped(FORMS[kind]?.(count) ?? `hidden${count}`, value)
    this.known.set(key, made)
    return made
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.used)
  }
}

/** An interface named after its card has the address without colons. */
function shaped(placeholder: string, value: string): string {
  return /^[0-9a-f]{12}$/iu.test(value) ? placeholder.replaceAll(':', '') : placeholder
}
