/**
 * What each Hyper-V enlightenment needs beside it (QEMU docs/system/i386/hyperv.rst). QEMU refuses to start when a
 * prerequisite is missing.
 */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'hv-synic': ['hv-vpindex'],
  'hv-stimer': ['hv-vpindex', 'hv-synic', 'hv-time'],
  'hv-stimer-direct': ['hv-stimer'],
  'hv-tlbflush': ['hv-vpindex'],
  'hv-tlbflush-ext': ['hv-tlbflush'],
  'hv-ipi': ['hv-vpindex'],
  'hv-evmcs': ['hv-vapic'],
}

/**
 * What QEMU's documentation advises for Windows on any processor. Left out: evmcs, tlbflush-ext, xmm-input and avic,
 * which a kernel or processor may lack and QEMU then does not start; crash, which blocks Windows' own dumps.
 */
const ADVISED = [
  'hv-relaxed',
  'hv-vapic',
  'hv-spinlocks',
  'hv-vpindex',
  'hv-runtime',
  'hv-synic',
  'hv-time',
  'hv-stimer',
  'hv-stimer-direct',
  'hv-frequencies',
  'hv-tlbflush',
  'hv-ipi',
  'hv-reset',
] as const

/** The flags with everything they need, each once, prerequisites first. */
export function withPrerequisites(flags: readonly string[]): string[] {
  const closed = new Set<string>()
  const add = (flag: string): void => {
    if (closed.has(flag)) return
    for (const needed of NEEDS[flag] ?? []) add(needed)
    closed.add(flag)
  }
  flags.forEach(add)
  return [...closed]
}

/** CPU properties for a Windows guest, out of those this QEMU has; a flag whose prerequisite is lacking is left out. */
export function hypervProperties(available: readonly string[]): string[] {
  const usable = ADVISED.filter((flag) => withPrerequisites([flag]).every((needed) => available.includes(needed)))
  return withPrerequisites(usable).map((flag) => (flag === 'hv-spinlocks' ? 'hv-spinlocks=0x1fff' : `${flag}=on`))
}
