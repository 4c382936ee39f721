import type { Context, Rule } from './rule.ts'
import { byLine, kernelArguments, linesLike, valueLike } from './rule.ts'

/** Files below /proc but those of the network. */
export const PROC: readonly Rule[] = [
  { paths: /^\/proc\/cmdline$/u, keep: kernelArguments },
  { paths: /^\/proc\/cpuinfo$/u, keep: cpuinfo },
  { paths: /^\/proc\/interrupts$/u, keep: interruptChips },
  { paths: /^\/proc\/iomem$/u, keep: byLine(memoryRange) },
  { paths: /^\/proc\/meminfo$/u, keep: linesLike(/^MemTotal:\s+\d+ kB$/u) },
  { paths: /^\/proc\/modules$/u, keep: byLine((line) => /^\w+(?= \d+ \d+ )/u.exec(line)?.[0] ?? null) },
  { paths: /^\/proc\/self\/mounts$/u, keep: byLine(mount) },
  { paths: /^\/proc\/(?:self|\d+)\/mountinfo$/u, keep: byLine(mountNumber) },
  { paths: /^\/proc\/swaps$/u, keep: byLine((line, { hide }) => hide.words(/^\S+/u.exec(line)?.[0] ?? '')) },
  { paths: /^\/proc\/bus\/input\/devices$/u, keep: byLine(inputLine) },
  {
    paths: /^\/proc\/sys\/kernel\/hostname$/u,
    keep: (text, { hide }) => `${hide.as('host', text.trim().split('.')[0] ?? '')}\n`,
  },
  { paths: /^\/proc\/sys\/kernel\/(?:osrelease|random\/boot_id)$/u, keep: (text, { hide }) => hide.words(text) },
  {
    paths: /^\/proc\/sys\/(?:user\/max_user_namespaces|kernel\/unprivileged_userns_clone)$/u,
    keep: valueLike(/^\d{1,10}$/u),
  },
  { paths: /^\/proc\/sys\/kernel\/io_uring_disabled$/u, keep: valueLike(/^\d$/u) },
  { paths: /^\/proc\/sys\/net\/bridge\/bridge-nf-call-iptables$/u, keep: valueLike(/^\d$/u) },
  { paths: /^\/proc\/\d+\/maps$/u, keep: byLine(mapping) },
  { paths: /^\/proc\/\d+\/comm$/u, keep: (text, { hide }) => program(text.trim()) ?? hide.words(text) },
  { paths: /^\/proc\/\d+\/status$/u, keep: linesLike(/^Uid:[\s\d]+$/u) },
  { paths: /^\/proc\/driver\/nvidia\/gpus\/[^/]+\/information$/u, keep: linesLike(/^Device Minor:\s*\d+$/u) },
  {
    paths: /^\/proc\/config\.gz$|^\/boot\/config-[^/]+$|^\/lib\/modules\/[^/]+\/(?:build\/\.)?config$/u,
    keep: linesLike(
      /^(?:# )?CONFIG_(?:(?:INTEL_|AMD_)?IOMMU\w*|IRQ_REMAP|VFIO\w*|KVM(?:_INTEL|_AMD)?|TUN|BRIDGE)(?:=[ymn]| is not set)$/u,
    ),
  },
  {
    paths: /^\/lib\/modules\/[^/]+\/modules\.(?:builtin|dep)$/u,
    keep: byLine((line) => /^\S*\/vfio-pci\.ko\S*?:?(?=\s|$)/u.exec(line)?.[0] ?? null),
  },
]

/**
 * Redacts /proc/cpuinfo: of each processor that it is there, of the first what it is and the flags that are asked for.
 */
function cpuinfo(text: string): string {
  const flags = (line: string) => line.split(/[\s:]+/u).filter((flag) => /^(?:vmx|svm|hypervisor)$/u.test(flag))
  const lines = text.split('\n').map((line) => {
    if (/^processor\s*:|^vendor_id\s*:|^model name\s*:/u.test(line)) return line
    return /^flags\s*:/u.test(line) ? `flags\t\t: ${flags(line).join(' ')}` : null
  })
  return blocks(text, lines)
}

/** Blank lines part the blocks. */
function blocks(text: string, lines: readonly (string | null)[]): string {
  const all = text.split('\n')
  return lines.flatMap((line, index) => (all[index] === '' ? [''] : line === null ? [] : [line])).join('\n')
}

/** Names of the chips only: what else stands there names devices and counts what they did. */
function interruptChips(text: string): string {
  const chips = text.match(/\b(?:IR-)?(?:IO-APIC|PCI-MSIX?|HPET-MSI|DMAR-MSI|DMAR_MSI|AMD-Vi-MSI)\b/gu) ?? []
  return [...new Set(chips)].map((chip) => `${chip}\n`).join('')
}

const FRAMEBUFFER =
  /^(\s*[0-9a-f]+-[0-9a-f]+ : )(BOOTFB|efifb|simplefb|simpledrm|simple-framebuffer|vesafb|System RAM|Reserved)/u

/** Ranges of framebuffers, and some that tell whether addresses are shown at all. */
function memoryRange(line: string): string | null {
  return FRAMEBUFFER.exec(line)?.[0] ?? null
}

/** Octal escapes are undone and made again: they would look like parts of words (proc_pid_mounts(5)). */
function mountPoint(escaped: string, { hide }: Context): string {
  const plain = escaped.replaceAll(/\\([0-7]{3})/gu, (_all, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  )
  return hide
    .words(plain)
    .replaceAll(/[\s\\]/gu, (sign) => `\\${(sign.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`)
}

/** Filesystems on devices, ZFS, and the root; what is mounted over the network is private. */
function mount(line: string, context: Context): string | null {
  const [source = '', target = '', type = '', options = ''] = line.split(' ')
  const local = source.startsWith('/dev/') || type === 'zfs'
  if (!local && target !== '/') return null
  const words = [local ? context.hide.words(source) : 'none', mountPoint(target, context), context.hide.words(type)]
  return [...words, options.startsWith('ro') ? 'ro' : 'rw', '0 0'].join(' ')
}

/** Device number and mount point, and behind the hyphen type and source of what lies on a device. */
function mountNumber(line: string, context: Context): string {
  const [before = '', after = ''] = line.split(' - ')
  const [, , number = '', , target = ''] = before.split(' ')
  const [type = '', source = ''] = after.split(' ')
  const from = source.startsWith('/dev/') ? context.hide.words(`${type} ${source}`) : 'other none'
  return `0 0 ${/^\d+:\d+$/u.exec(number)?.[0] ?? '0:0'} / ${mountPoint(target, context)} rw - ${from} rw`
}

function inputLine(line: string, { hide }: Context): string | null {
  if (/^[NSH]: /u.test(line)) return hide.words(line)
  return /^B: KEY=[0-9a-f ]+$/u.test(line) ? line : null
}

/** Of what a process has mapped only device nodes matter. */
function mapping(line: string): string | null {
  const node = / (\/dev\/(?:dri|nvidia|vfio|kvm|snd|kfd)[\w/-]*)$/u.exec(line)?.[1]
  return node === undefined ? null : `- ${node}`
}

/** Programs that are known to hold cards (shared/facts/holder-words.ts), by what the advice to stop them goes by. */
const PROGRAM =
  /^(?:nvidia-persiste|nvidia-powerd|Xorg|X|Xwayland|gnome-shell|kwin_wayland|kwin_x11|sway|Hyprland|weston|mutter|cosmic-comp|plasmashell|gdm|sddm|lightdm|greetd|ly|ollama|pipewire|wireplumber|pulseaudio|qemu|kvm)/u

function program(name: string): string | null {
  return PROGRAM.exec(name)?.[0] ?? null
}
