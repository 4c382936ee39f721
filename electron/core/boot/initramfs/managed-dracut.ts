import type { PlannedChange } from '#shared/plan/plan.ts'
import { dracut, type Initramfs } from './initramfs.ts'

/**
 * Systems where another tool runs dracut: its drop-ins are the same, the rebuild is that tool's. rpm-ostree builds on
 * this host once told so (rpm-ostree(1), initramfs); sdbootutil builds and installs for every kernel.
 */
function managed(id: 'rpm-ostree' | 'sdbootutil', name: string): Initramfs {
  const retool = (planned: PlannedChange): PlannedChange => {
    if (planned.change.kind !== 'rebuild-initramfs') return planned
    return {
      change: { kind: 'rebuild-initramfs', tool: id, outputs: [] },
      reason: `Has ${id} build the initramfs with dracut; undo has it built once more without our file.`,
      before: null,
    }
  }
  return {
    ...dracut,
    id,
    name,
    earlyProvenOn: 'no booted host yet',
    planModules: (facts) => dracut.planModules(facts).map(retool),
    planEarlyBind: (facts, functions) => dracut.planEarlyBind(facts, functions)?.map(retool) ?? null,
    rebuild: (facts) => dracut.rebuild(facts).map(retool),
  }
}

export const ostreeDracut = managed('rpm-ostree', 'dracut, run by rpm-ostree')
export const sdbootutilDracut = managed('sdbootutil', 'dracut, run by sdbootutil')
