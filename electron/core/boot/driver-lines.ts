import { isUnknown, type OrUnknown } from '#shared/base/unknown.ts'
import type { BootEntry } from '#shared/facts/boot/boot-loader.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { type KernelArgs, kernelArgValues, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { Evidence } from '#shared/wizard/finding.ts'
import { citeFile } from '../evidence.ts'

type Rule = Facts['driverRules']['lines'][number]

/** A kernel command line, and where it stands. */
export interface CommandLine {
  args: KernelArgs
  source: string
}

/** A host, and what it boots by default. */
export interface Starting {
  facts: Facts
  defaultEntry: OrUnknown<BootEntry>
}

/** Returns what a host boots with by default, or where that is not known, what it was booted with. */
export function commandLineOf({ facts, defaultEntry }: Starting): CommandLine {
  if (!isUnknown(defaultEntry)) return { args: parseKernelArgs(defaultEntry.cmdline), source: defaultEntry.source }
  return { args: parseKernelArgs(facts.kernel.cmdline), source: '/proc/cmdline' }
}

/** Modules whose driver has another name in sysfs (their sources: .name of the pci_driver). */
const DRIVER_OF: Readonly<Record<string, string>> = { xhci_pci: 'xhci_hcd', i2c_nvidia_gpu: 'nvidia-gpu' }
/** Parts of a driver that bind nothing themselves. */
const NO_PCI_DRIVER = new Set(['nvidia_drm', 'nvidia_modeset', 'nvidia_uvm'])

export function plain(name: string): string {
  return name.replaceAll('-', '_')
}

export function driverOf(module: string): string {
  return DRIVER_OF[plain(module)] ?? module
}

export function quoted(rule: Rule): Evidence {
  return citeFile(rule.source, rule.line)
}

export function inModprobe(rule: Rule): boolean {
  return rule.source.includes('/modprobe.d/')
}

interface Modules {
  names: string[]
  line: string
}

/** What was read from one look's lspci: a server has thousands of functions, each asked several times. */
const READ = new WeakMap<Facts, ReadonlyMap<string, Modules>>()

/** Modules the kernel names for a function, from `lspci -k`; null: lspci told nothing. */
export function modulesFor(facts: Facts, address: string): Modules | null {
  if (facts.lspci === null) return null
  const table = READ.get(facts) ?? moduleTable(facts.lspci)
  READ.set(facts, table)
  return table.get(address) ?? null
}

function moduleTable(lspci: string): Map<string, Modules> {
  const blocks = lspci.split(/\n(?=\S)/u).map((block) => {
    const line = block.split('\n').find((each) => each.includes('Kernel modules:')) ?? ''
    return [block.slice(0, block.indexOf(' ')), modulesOf(line.trim())] as const
  })
  return new Map(blocks)
}

function modulesOf(line: string): Modules {
  const names = line
    .slice(line.indexOf(':') + 1)
    .split(',')
    .map((name) => name.trim())
  return { names: names.filter((name) => name !== '' && !NO_PCI_DRIVER.has(plain(name))), line }
}

/** Returns whether a line of modprobe.d(5) keeps its module from being loaded: an alias of that name points nowhere. */
export function bars(verb: string, rest: string): boolean {
  if (verb === 'alias') return rest === 'off'
  return verb === 'blacklist' || (verb === 'install' && /^\/?(usr\/)?(bin\/)?(false|true)$/u.test(rest))
}

/** Returns what keeps a module from being loaded for a device. */
export function blacklistEvidence(facts: Facts, cmdline: CommandLine, module: string): Evidence | null {
  const name = plain(module)
  for (const parameter of ['modprobe.blacklist', 'module_blacklist']) {
    const listed = kernelArgValues(cmdline.args, parameter).flatMap((value) => value.split(',').map(plain))
    if (listed.includes(name)) return citeFile(cmdline.source, `${parameter}=${module}`)
  }
  const rule = facts.driverRules.lines.filter(inModprobe).find(({ line }) => {
    const [verb, what = '', ...rest] = line.split(/\s+/u)
    return plain(what) === name && bars(verb ?? '', rest.join(' '))
  })
  return rule === undefined ? null : quoted(rule)
}

/**
 * `vfio-pci.ids=`, its modprobe option, or the same behind the module's name in the list that initramfs-tools hands to
 * modprobe line by line, when it holds the ids of this function (vfio-pci: vendor:device[:...]).
 */
export function idsFor(facts: Facts, cmdline: CommandLine, device: Device): Evidence | null {
  const given = kernelArgValues(cmdline.args, 'vfio-pci.ids').at(-1)
  if (given !== undefined && holdsIds(given, device)) return citeFile(cmdline.source, `vfio-pci.ids=${given}`)
  // Built into the kernel it reads its options from the command line only.
  if (facts.kernel.vfioPci === 'builtin') return null
  const rule = facts.driverRules.lines.find((each) => holdsIds(idsIn(each) ?? '', device))
  return rule === undefined ? null : quoted(rule)
}

/** Returns the ids that a line of configuration gives to vfio-pci; null: none. */
export function idsIn(rule: Rule): string | null {
  const options = inModprobe(rule) ? /^options\s+vfio[-_]pci\s/u : null
  const listed = rule.source === INITRAMFS_MODULES ? /^vfio[-_]pci\s/u : null
  return (options ?? listed)?.test(rule.line) === true ? (/\sids=(\S+)/u.exec(rule.line)?.[1] ?? null) : null
}

/** Returns whether such a list names the ids of a function. */
export function holdsIds(list: string, { vendorId, deviceId, subsystem }: Device): boolean {
  return list.split(',').some((entry) => {
    const words = entry.trim().toLowerCase().split(':')
    const sub = words.slice(2, 4).join(':')
    return words.slice(0, 2).join(':') === `${vendorId}:${deviceId}` && (sub === '' || sub === subsystem)
  })
}

/** Returns what loads vfio-pci ahead of the modules that want the function; null: nothing does for certain. */
export function firstLoaded(facts: Facts, cmdline: CommandLine, modules: readonly string[]): Evidence | null {
  if (facts.kernel.vfioPci === 'builtin')
    return citeFile(`/lib/modules/${facts.kernel.release}/modules.builtin`, 'vfio-pci is built in')
  const pre = kernelArgValues(cmdline.args, 'rd.driver.pre').find((value) => /vfio[-_]pci/u.test(value))
  if (pre !== undefined) return citeFile(cmdline.source, `rd.driver.pre=${pre}`)
  const wanted = new Set(modules.map(plain))
  const softdep = facts.driverRules.lines.filter(inModprobe).find(({ line }) => {
    const [verb, what = '', ...rest] = line.split(/\s+/u)
    return (
      verb === 'softdep' && wanted.has(plain(what)) && /pre:.*vfio[-_]pci/u.test(rest.join(' ').split('post:')[0] ?? '')
    )
  })
  // One softdep serves only its own module, so it decides when there is only one.
  if (softdep !== undefined && wanted.size === 1) return quoted(softdep)
  const early = facts.driverRules.lines.find(({ source, line }) => EARLY.test(source) && /vfio[-_]pci/u.test(line))
  return early === undefined ? null : quoted(early)
}

/** Modules that initramfs-tools loads by modprobe; its comment gives the form as `module_name [args ...]`. */
const INITRAMFS_MODULES = '/etc/initramfs-tools/modules'
/** Lists of modules that an initramfs loads by itself, ahead of udev. `add_drivers` of dracut only packs them. */
const EARLY = /^\/etc\/initramfs-tools\/modules$|^\/etc\/mkinitcpio\.conf/u
