import type { Facts } from '#shared/facts/facts.ts'
import { type KernelArgs, kernelArgValues } from '#shared/facts/kernel-args.ts'
import type { Device } from '#shared/facts/pci.ts'
import type { Evidence } from '#shared/wizard/finding.ts'
import { citeFile } from '../evidence.ts'

type Rule = Facts['driverRules']['lines'][number]

/** A kernel command line, and where it stands. */
export interface CommandLine {
  args: KernelArgs
  source: string
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

function inModprobe(rule: Rule): boolean {
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

/**
 * Returns what keeps a module from being loaded for a device: blacklists of all kinds, and install lines that do
 * nothing.
 */
export function blacklistEvidence(facts: Facts, cmdline: CommandLine, module: string): Evidence | null {
  const name = plain(module)
  for (const parameter of ['modprobe.blacklist', 'module_blacklist']) {
    const listed = kernelArgValues(cmdline.args, parameter).flatMap((value) => value.split(',').map(plain))
    if (listed.includes(name)) return citeFile(cmdline.source, `${parameter}=${module}`)
  }
  const rule = facts.driverRules.lines.filter(inModprobe).find(({ line }) => {
    const [verb, what = '', ...rest] = line.split(/\s+/u)
    if (plain(what) !== name) return false
    return verb === 'blacklist' || (verb === 'install' && /^\/?(usr\/)?(bin\/)?(false|true)$/u.test(rest.join(' ')))
  })
  return rule === undefined ? null : quoted(rule)
}

/** `vfio-pci.ids=` or its modprobe option, when it holds the ids of this function (vfio-pci: vendor:device[:...]). */
export function idsFor(facts: Facts, cmdline: CommandLine, device: Device): Evidence | null {
  const ids = `${device.vendorId}:${device.deviceId}`
  const holds = (value: string) => value.split(',').some((entry) => matchesIds(entry, ids, device.subsystem))
  const given = kernelArgValues(cmdline.args, 'vfio-pci.ids').at(-1)
  if (given !== undefined && holds(given)) return citeFile(cmdline.source, `vfio-pci.ids=${given}`)
  // Built into the kernel it reads its options from the command line only.
  if (facts.kernel.vfioPci === 'builtin') return null
  const rule = facts.driverRules.lines.filter(inModprobe).find(({ line }) => {
    const option = /^options\s+vfio[-_]pci\s.*\bids=(\S+)/u.exec(line)?.[1]
    return option !== undefined && holds(option)
  })
  return rule === undefined ? null : quoted(rule)
}

function matchesIds(entry: string, ids: string, subsystem: string | null): boolean {
  const words = entry.trim().toLowerCase().split(':')
  const sub = words.slice(2, 4).join(':')
  return words.slice(0, 2).join(':') === ids && (sub === '' || sub === subsystem)
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

/** Lists of modules that an initramfs loads by itself, ahead of udev. `add_drivers` of dracut only packs them. */
const EARLY = /^\/etc\/initramfs-tools\/modules$|^\/etc\/mkinitcpio\.conf/u
