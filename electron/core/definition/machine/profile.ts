import type { VmProfile } from '#shared/vm/options/machine.ts'

/** What has a profile: a definition, or what was chosen for one. */
type Profiled = Readonly<{ profile: VmProfile }>

export function isWindows({ profile }: Profiled): boolean {
  return profile === 'windows-11' || profile === 'windows-10'
}

export function isProof({ profile }: Profiled): boolean {
  return profile === 'proof-guest'
}
