import type { VmDefinition } from '#shared/vm/vm.ts'

/** How long a VM waits for somebody to look, in seconds: one that nobody looks at starts all the same. */
export const VIEWER_WAIT_SECONDS = 120

/**
 * Whether a VM waits at its start until somebody looks at its screen: discs of Windows ask for a key in their first five
 * seconds, and go on to the empty disk without one.
 */
export function waitsForViewer({ installIso, screen }: Pick<VmDefinition, 'installIso' | 'screen'>): boolean {
  return installIso !== null && screen
}
