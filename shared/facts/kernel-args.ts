import { z } from 'zod'

/**
 * The kernel command line as a list of tokens. Blanks separate tokens except inside double quotes
 * (kernel lib/cmdline.c, next_arg); order, quotes and repetitions are kept as they stand.
 */
export type KernelArgs = readonly string[]

/** All that step 3 ever adds to a command line: what switches the IOMMU on, and what is there by choice. */
export const ADDED_ARGS = ['intel_iommu=on', 'iommu=pt', 'vfio-pci.disable_idle_d3=1', 'kvm.ignore_msrs=1'] as const
export type AddedArg = (typeof ADDED_ARGS)[number]

/**
 * What turns the IOMMU off for good, whatever else stands on the line: `iommu=off` and `amd_iommu=off` are switches that
 * no later argument turns back (arch/x86/kernel/pci-dma.c, iommu_setup; drivers/iommu/amd/init.c).
 */
const IOMMU_OFF = ['iommu=off', 'intel_iommu=off', 'amd_iommu=off']
/** What guides had people add, each in a closed form: whoever asks for one to be taken out names nothing else. */
const LEFTOVERS = [
  'nomodeset',
  '(?:vfio[-_]pci|pci-stub)\\.ids=[0-9A-Fa-f:,]{1,400}',
  'vfio[-_]pci\\.disable_vga=[01YyNn]',
  'rd\\.driver\\.pre=vfio[-_]pci',
  '(?:modprobe\\.blacklist|module_blacklist|rd\\.driver\\.blacklist)=[A-Za-z0-9_,-]{1,200}',
  'pcie_acs_override=[a-z0-9:,]{1,100}',
  'video=(?:,?(?:efi|vesa|simple)fb:off)+',
  'initcall_blacklist=sysfb_init',
  'vfio_iommu_type1\\.allow_unsafe_interrupts=[1Yy]',
  'amd_iommu=on',
]
const LEFTOVER = new RegExp(`^(?:${LEFTOVERS.join('|')})$`, 'u')

/** Returns whether an argument turns an IOMMU off, of this host's kind or of another. */
export function turnsIommuOff(token: string): boolean {
  return IOMMU_OFF.includes(token)
}

/** Returns whether an argument is one that guides had people add. */
export function isLeftover(token: string): boolean {
  return LEFTOVER.test(token)
}

/** Returns whether an argument is of the kind that step 3 may take away: nothing else ever is. */
export function isRemovable(token: string): boolean {
  return turnsIommuOff(token) || isLeftover(token)
}

/** The same as they are asked for. */
export const removedArgs = z
  .array(z.string().refine(isRemovable, { error: 'this argument is never taken out' }))
  .max(16)

/** An edit of a command line: words that are put to its end, and words that are taken out wherever they stand. */
export interface ArgsEdit<Added extends string = AddedArg> {
  add: readonly Added[]
  remove: readonly string[]
}

export function isNoEdit({ add, remove }: ArgsEdit<string>): boolean {
  return add.length === 0 && remove.length === 0
}

/** Says what an edit does: `Adds a=b and takes out c=d`. */
export function editWords({ add, remove }: ArgsEdit<string>, adds = 'Adds'): string {
  const added = add.length === 0 ? [] : [`${adds} ${add.join(' ')}`]
  const taken = remove.length === 0 ? [] : [`${add.length === 0 ? 'Takes' : 'takes'} out ${remove.join(' ')}`]
  return [...added, ...taken].join(' and ')
}

/** Takes words out of a line of arguments, each with one blank behind it; every other byte stays. */
export function withoutArgs(line: string, remove: readonly string[]): string {
  return remove.reduce((text, word) => {
    const token = word.replaceAll('.', String.raw`\.`)
    return text.replace(new RegExp(`(?<=^|[\\s"'])${token}(?=$|[\\s"'])[ \\t]?`, 'gu'), '')
  }, line)
}

/** Splits a command line into tokens. Joining them with one blank gives the same line, blanks apart. */
export function parseKernelArgs(line: string): KernelArgs {
  const tokens: string[] = []
  let token = ''
  let quoted = false
  for (const char of line) {
    if (char === '"') quoted = !quoted
    if (/\s/u.test(char) && !quoted) {
      if (token !== '') tokens.push(token)
      token = ''
    } else {
      token += char
    }
  }
  if (token !== '') tokens.push(token)
  return tokens
}

export function formatKernelArgs(args: KernelArgs): string {
  return args.join(' ')
}

/** Compares two parameters' names, in which `-` and `_` are equal (kernel/params.c, parameq). */
function sameName(a: string, b: string): boolean {
  return a.replaceAll('-', '_') === b.replaceAll('-', '_')
}

function nameOf(token: string): string {
  const equals = token.indexOf('=')
  return equals < 0 ? token : token.slice(0, equals)
}

/** Returns all values given for a parameter, in order; a bare `name` counts as the empty string. */
export function kernelArgValues(args: KernelArgs, name: string): string[] {
  return args
    .filter((token) => sameName(nameOf(token), name))
    .map((token) => (token.includes('=') ? token.slice(token.indexOf('=') + 1).replaceAll('"', '') : ''))
}

/** Returns whether `wanted` (e.g. `intel_iommu=on`) is what the kernel ends up with: the last one given wins. */
export function isEffective(args: KernelArgs, wanted: string): boolean {
  const value = wanted.includes('=') ? wanted.slice(wanted.indexOf('=') + 1) : ''
  return kernelArgValues(args, nameOf(wanted)).at(-1) === value
}

/** Returns the wanted arguments that are not effective yet, in the order given. */
export function missingArgs<T extends string>(args: KernelArgs, wanted: readonly T[]): T[] {
  return wanted.filter((token) => !isEffective(args, token))
}
