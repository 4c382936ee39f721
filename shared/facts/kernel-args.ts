/**
 * The kernel command line as a list of tokens. Blanks separate tokens except inside double quotes
 * (kernel lib/cmdline.c, next_arg); order, quotes and repetitions are kept as they stand.
 */
export type KernelArgs = readonly string[]

/** All that step 3 ever adds to a command line. */
export const ADDED_ARGS = ['intel_iommu=on', 'iommu=pt'] as const
export type AddedArg = (typeof ADDED_ARGS)[number]

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
