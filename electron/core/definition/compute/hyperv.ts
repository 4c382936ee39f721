import type { Facts } from '#shared/facts/facts.ts'

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
  'hv-tlbflush-direct': ['hv-vapic'],
}

/** What QEMU's documentation advises for Windows, and KVM has had for as long as QEMU has it. */
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

/**
 * What it advises besides, where KVM says that it gives them: QEMU does not start with one that it does not. Left out are
 * crash, which blocks Windows' own dumps, and what is for debugging.
 */
const IF_GIVEN = [
  'hv-reenlightenment',
  'hv-tlbflush-ext',
  'hv-xmm-input',
  'hv-avic',
  'hv-evmcs',
  'hv-emsr-bitmap',
  'hv-tlbflush-direct',
] as const

/** What is known of the host, and how the VM's processors lie on it. */
export interface Enlightened {
  vendor: Facts['cpu']['vendor']
  /** Hyper-V flags that KVM gives; null: it could not be asked. */
  given: readonly string[] | null
  apicv: boolean
  /** Each core of the guest is one core of the host. */
  pinned: boolean
  /** No other program runs on these. */
  apart: boolean
}

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
export function hypervProperties(available: readonly string[], about: Enlightened): string[] {
  const { given, pinned, apart } = about
  const has = (flag: string) =>
    available.includes(flag) && (given === null || flag === 'hv-spinlocks' || given.includes(flag))
  const asked = [...ADVISED, ...(given === null ? [] : IF_GIVEN.filter((flag) => fits(flag, about)))]
  const usable = asked.filter((flag) => withPrerequisites([flag]).every(has))
  // QEMU tells a guest never to give up a lock unless it is told a number: right where nobody makes its processors wait.
  const flags = withPrerequisites(usable).filter((flag) => flag !== 'hv-spinlocks' || !apart)
  const values = flags.map((flag) => (flag === 'hv-spinlocks' ? 'hv-spinlocks=0x1fff' : `${flag}=on`))
  const alone = pinned && available.includes('hv-no-nonarch-coresharing') ? ['hv-no-nonarch-coresharing=on'] : []
  return [...values, ...alone]
}

/** Of Intel's processors all three that are for a guest with a hypervisor of its own go by evmcs; AMD's have no evmcs. */
function fits(flag: (typeof IF_GIVEN)[number], { vendor, given, apicv }: Enlightened): boolean {
  if (flag === 'hv-avic') return apicv
  if (flag === 'hv-evmcs') return vendor === 'intel'
  if (flag !== 'hv-emsr-bitmap' && flag !== 'hv-tlbflush-direct') return true
  return vendor !== 'intel' || given?.includes('hv-evmcs') === true
}
