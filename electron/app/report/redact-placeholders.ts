/** Placeholders that keep the form of what they stand for, so that a replay parses them the same way. */
const FORMS: Readonly<Record<string, (count: number) => string>> = {
  host: (count) => `host${count}`,
  user: (count) => `user${count}`,
  account: (count) => `account${count}`,
  uuid: (count) => `00000000-0000-4000-8000-${hex(count, 12)}`,
  uuidValue: (count) => `id${count}`,
  diskId: (count) => `disk-id-${count}`,
  serial: (count) => `serial${count}`,
  mac: (count) => (hex(count, 12).match(/../gu) ?? []).join(':'),
  ip6: (count) => `2001:db8::${count.toString(16)}`,
  machineId: (count) => hex(count, 32),
  sum: (count) => hex(count, 64),
  // Short, because names of links and of VMs have a limit; never shorter than what is left alone (see hide.ts).
  word: (count) => `w${String(count).padStart(2, '0')}`,
  // What is not ASCII stays so: some parsers refuse it.
  foreignWord: (count) => `w\u00f6${String(count).padStart(2, '0')}`,
}

/** Addresses that everybody has: unspecified, loopback, masks. */
const COMMON = /^(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|255\.\d+\.\d+\.\d+|::1?|00(?::00){5})$/u

/** Vendor GUIDs in names of EFI variables: global (UEFI specification, 3.3), shim and the boot loader interface. */
export const PUBLIC_IDS = new Set([
  '8be4df61-93ca-11d2-aa0d-00e098032b8c',
  '605dab50-e046-4300-abb6-3dd810dd8b23',
  '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f',
])

/** Words differ by case: mount points and titles do. */
const CASED = new Set(['word', 'foreignWord'])

function hex(count: number, digits: number): string {
  return count.toString(16).padStart(digits, '0')
}

interface Given {
  kind: string
  value: string
}

/** Hands out one placeholder for each different value. */
export class Placeholders {
  private readonly known = new Map<string, string>()
  private readonly given: Given[] = []
  private readonly used = new Map<string, number>()
  private readonly made = new Set<string>()

  /** `before`: what an earlier pass handed out; in order of value, so that what is sorted by name stays sorted. */
  constructor(before?: Placeholders) {
    const sorted = [...(before?.given ?? [])].sort((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value)))
    for (const { kind, value } of sorted) this.for(kind, value)
  }

  /** A placeholder itself, and what everybody has, stays as it is. */
  for(kind: string, value: string): string {
    const form = FORMS[kind]
    return this.as(kind, value, (count) => shaped(form === undefined ? `hidden-${kind}-${count}` : form(count), value))
  }

  /** Returns the placeholder in a form of the caller's. */
  as(kind: string, value: string, make: (count: number) => string): string {
    if (this.made.has(value) || COMMON.test(value) || PUBLIC_IDS.has(value.toLowerCase())) return value
    const key = `${kind} ${CASED.has(kind) ? value : value.toLowerCase()}`
    const old = this.known.get(key)
    if (old !== undefined) return old
    const count = (this.used.get(kind) ?? 0) + 1
    this.used.set(kind, count)
    if (FORMS[kind] !== undefined) this.given.push({ kind, value })
    return this.keep(key, make(count))
  }

  /** Fixes what a value becomes: it is made from other values, and so is what stands for it. */
  fix(kind: string, value: string, placeholder: string): void {
    this.keep(`${kind} ${value.toLowerCase()}`, placeholder)
  }

  /** How many different values of each kind, names of people and hosts first. */
  counts(): Record<string, number> {
    const kinds = new Set([...Object.keys(FORMS), ...this.used.keys()])
    return Object.fromEntries(
      [...kinds].flatMap((kind) => (this.used.has(kind) ? [[kind, this.used.get(kind) ?? 0]] : [])),
    )
  }

  private keep(key: string, placeholder: string): string {
    this.known.set(key, placeholder)
    this.made.add(placeholder)
    return placeholder
  }
}

/** An interface named after its card has the address without colons. */
function shaped(placeholder: string, value: string): string {
  return /^[0-9a-f]{12}$/iu.test(value) ? placeholder.replaceAll(':', '') : placeholder
}
