import type { Recording } from '#host/recorded/recording.ts'
import { tapName, vmMac } from '#shared/facts/network.ts'
import { MORE_NICS } from '#shared/vm/options/network.ts'
import { Addresses4 } from './addresses4.ts'
import { bounded, hostNameIn, namesIn, vmNames } from './redact-names.ts'
import { Placeholders, PUBLIC_IDS } from './redact-placeholders.ts'
import { kindOf, SHAPES } from './redact-shapes.ts'
import { Vocabulary } from './vocabulary/vocabulary.ts'

/** What is the same everywhere: moments, addresses and ids of PCI, versions. */
const PUBLIC = [
  ...PUBLIC_IDS,
  String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`,
  String.raw`(?<![\p{L}\p{N}:])(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?!\w)`,
  String.raw`(?<![\p{L}\p{N}])0x[0-9a-f]{1,8}(?![\p{L}\p{N}])`,
  String.raw`(?<![\p{L}\p{N}:])[0-9a-f]{4}:[0-9a-f]{4}(?![\p{L}\p{N}])`,
  String.raw`(?<![\p{L}\p{N}.])\d{1,3}\.\d{1,3}(?:\.\d{1,3})?-\d{1,9}(?:\.\d+)*(?![\p{L}\p{N}])`,
  // What stands before the address of a card in the name of its link.
  String.raw`(?<![\p{L}\p{N}])(?:enx|wlx|wwx)(?=[0-9a-f]{12}(?![\p{L}\p{N}]))`,
  String.raw`(?<=needed here: |LimitMEMLOCK=|\npages=)\d+`,
  String.raw`(?<="(?:vendorId|deviceId|productId|classId)": ?")[0-9a-f]{4,6}(?=")`,
].join('|')

/** Numbers of the network cards that a VM may have. */
const NICS = [1, ...MORE_NICS]

const TOKEN = String.raw`[\p{L}\p{M}\p{N}]+`

/** Parameters of the kernel whose values this program reads, or that say nothing of a person. */
const READ_VALUES =
  /^(?:(?:intel|amd)_iommu|iommu(?:\.\w+)?|vfio[-_]pci\.\w+|(?:modprobe\.|module_)blacklist|rd\.driver\.(?:pre|blacklist)|pcie_acs_override|(?:default_)?hugepages\w*|transparent_hugepage|video|passthrough_studio|kvm(?:_intel|_amd)?\.\w+|console|quiet|crashkernel|pci|pcie_aspm|mitigations|nvidia[-_]drm\.\w+|i915\.\w+|amdgpu\.\w+|nouveau\.\w+|initcall_blacklist|systemd\.(?:unified_cgroup_hierarchy|machine_id)|root|rootflags|rootfstype|resume|rd\.(?:luks|lvm|md)\.\w+|cryptdevice|boot_image|initrd|ostree|ip|ifname|nameserver)$/iu

/** How everything is hidden in one report: the same value gets the same placeholder wherever it stands. */
export class Hide {
  readonly placeholders: Placeholders
  readonly addresses: Addresses4
  private readonly vocabulary: Vocabulary
  private readonly all: RegExp
  private readonly outside: RegExp
  private readonly nameOf: (found: string) => string

  /** `before`: an earlier pass over the same recording. */
  constructor(recording: Recording, before?: Hide) {
    this.placeholders = new Placeholders(before?.placeholders)
    this.addresses = before?.addresses ?? new Addresses4()
    this.vocabulary = new Vocabulary(recording)
    const names = namesIn(recording, this.placeholders, (name) => this.vocabulary.holds(name))
    const vms = vmNames(recording)
    const taps = new Map(vms.flatMap((vm) => NICS.map((card) => [tapName(vm, card), { vm, card }])))
    this.nameOf = (found) => {
      const tap = taps.get(found)
      return tap === undefined ? names.placeholder(found) : tapName(this.words(tap.vm), tap.card)
    }
    const patterns = [...[...taps.keys()].map(bounded), ...(names.pattern === null ? [] : [names.pattern])]
    const known = patterns.length === 0 ? SHAPES : `${SHAPES}|(?<name>${patterns.join('|')})`
    this.all = new RegExp(`${known}|(?<open>${PUBLIC})|(?<token>${TOKEN})`, 'giu')
    this.outside = new RegExp(known, 'giu')
    // A VM's MAC address is made from its name and the host's; what stands for it has to be, too.
    const host = hostNameIn(recording)
    const shown = this.as('host', host.split('.')[0] ?? '')
    for (const vm of vms)
      for (const card of NICS) this.placeholders.fix('mac', vmMac(host, vm, card), vmMac(shown, this.words(vm), card))
  }

  /** Keeps words that everybody knows, and replaces every other one, whatever it looks like. */
  words(text: string): string {
    return text.replace(this.all, (found: string, ...rest: unknown[]) => this.replaced(found, groupsOf(rest)))
  }

  /** Replaces what a rule left: names, and what looks like an address, an id or a secret. */
  net(text: string): string {
    return text.replace(this.outside, (found: string, ...rest: unknown[]) => this.replaced(found, groupsOf(rest)))
  }

  /** Arguments of the kernel: names that are known stay, values only of those that are read. */
  args(line: string): string {
    return line.replaceAll(/(?:"[^"]*"|[^\s"'])+|["']/gu, (token) => this.arg(token))
  }

  as(kind: string, value: string): string {
    return value === '' ? '' : this.placeholders.for(kind, value)
  }

  private arg(token: string): string {
    const equals = token.indexOf('=')
    if (equals < 0 || token.startsWith('"')) return this.words(token)
    const [name, value] = [token.slice(0, equals), token.slice(equals + 1)]
    if (READ_VALUES.test(name) || value === '') return `${this.words(name)}=${this.words(value)}`
    return `${this.words(name)}=${this.as('word', value)}`
  }

  private replaced(found: string, groups: Readonly<Record<string, string | undefined>>): string {
    if (groups['open'] !== undefined) return found
    if (groups['name'] !== undefined) return this.nameOf(found)
    if (groups['token'] !== undefined) return this.word(found)
    const kind = kindOf(groups)
    return kind === 'ip4' ? this.address(found) : this.placeholders.for(kind, found)
  }

  private word(token: string): string {
    if (this.vocabulary.shows(token)) return token
    return this.placeholders.for(/^[\x20-\x7e]*$/u.test(token) ? 'word' : 'foreignWord', token)
  }

  private address(text: string): string {
    const made = this.addresses.dotted(text)
    return made === null ? this.as('word', text) : this.placeholders.as('ip4', text, () => made)
  }
}

function groupsOf(rest: readonly unknown[]): Readonly<Record<string, string | undefined>> {
  const last = rest.at(-1)
  if (typeof last !== 'object' || last === null) return {}
  return Object.fromEntries(
    Object.entries(last).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  )
}
