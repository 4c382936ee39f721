import type { Recording } from '#host/recorded/recording.ts'
import { DEVICE_WORDS } from './device-words.ts'
import { PLAIN_WORDS } from './plain-words.ts'
import { SYSTEM_WORDS } from './system-words.ts'

const OWN = new Set([PLAIN_WORDS, SYSTEM_WORDS, DEVICE_WORDS].flatMap((words) => words.trim().split(/\s+/u)))

/** Digits, with a unit or without. */
const NUMBER = /^\d{1,5}$|^\d{1,7}[kmg](?:i?b)?$/u
const COUNTED = /^(\p{L}+)\d{1,4}$/u
/** What the kernel and udev call disks, links, cards, consoles and nodes (systemd.net-naming-scheme(7), sysfs). */
const KERNEL_NAMES = [
  /^(?:sd[a-z]{1,3}|[hv]d[a-z]|xvd[a-z]|dm|md|loop|sr|zram|ram|nbd|fd|bcache|mmcblk)\d*(?:p\d{1,3})?$/u,
  /^nvme\d{1,3}(?:c\d{1,3})?(?:n\d{1,4})?(?:p\d{1,3})?$/u,
  /^(?:event|input|card|renderd|controlc|fb|vtcon|usb|cpu|node|index|host|target|ata|port|ttys?|phy|js|hidraw)\d{1,4}$/u,
  /^(?:pcm|hw)c\d+d\d+[pc]?$/u,
  /^pci[0-9a-f]{4,8}$/u,
  /^(?:en|wl|ww)(?:p\d+|s\d+|o\d+|f\d+|n[a-z0-9]\d*|d\d+|u\d+|i\d+|c\d+)+(?:np\d+)?$/u,
  /^(?:eth|wlan|wwan|virbr|docker|vmbr|vnet|tap|tun|bond|br|usb|lxcbr|lxdbr|podman|cni)\d{0,3}$/u,
]
/** Numbers, ids of vendors and devices, names of the kernel. */
const FORMS = [NUMBER, /^(?=.*\d)[0-9a-f]{4}$/u, ...KERNEL_NAMES]

/** Outputs whose words come from public lists: names of devices and drivers, and what QEMU knows. */
const PUBLIC_OUTPUTS = /^(?:lspci |qemu-(?:kvm|system-x86_64) )/u

/** Words that may be shown: those of this program, of the kernel's drivers here, and of QEMU. */
export class Vocabulary {
  private readonly drivers: ReadonlySet<string>
  private readonly outputs: ReadonlySet<string>

  constructor({ commands, links }: Pick<Recording, 'commands' | 'links'>) {
    const targets = Object.values(links).flatMap((target) => (typeof target === 'string' ? [target] : []))
    const drivers = targets.flatMap((target) => /\/bus\/[a-z]+\/drivers\/([\w-]+)$/u.exec(target)?.[1] ?? [])
    const printed = Object.entries(commands).flatMap(([key, result]) =>
      PUBLIC_OUTPUTS.test(key) ? [result?.stdout ?? ''] : [],
    )
    this.drivers = new Set([...drivers, ...printed.flatMap(moduleNames)].flatMap(tokens))
    this.outputs = new Set(printed.flatMap(tokens))
  }

  /** Returns whether a word of letters and digits may be shown. */
  shows(word: string): boolean {
    if (/[^\x20-\x7e]/u.test(word)) return false
    const plain = word.toLowerCase()
    return (
      plain.length < 3 ||
      OWN.has(plain) ||
      this.drivers.has(plain) ||
      FORMS.some((form) => form.test(plain)) ||
      counted(plain)
    )
  }

  /** Whether a name is a word that everybody has, so that it says nothing of a person. */
  holds(name: string): boolean {
    const words = tokens(name)
    return (
      words.length === 1 && words.every((word) => OWN.has(word) || this.drivers.has(word) || this.outputs.has(word))
    )
  }
}

/** Returns a word with a number behind it, or as short as `fc40`. */
function counted(plain: string): boolean {
  const letters = COUNTED.exec(plain)?.[1]
  return letters !== undefined && (OWN.has(letters) || (letters.length < 3 && plain.length < 5))
}

function tokens(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/gu) ?? []
}

function moduleNames(lspci: string): string[] {
  return [...lspci.matchAll(/^\s+Kernel (?:driver in use|modules): ([\w, -]+)$/gmu)].map((match) => match[1] ?? '')
}
