import { usesBios } from '../firmware/bios.ts'
import type { OptionContext } from '../topic.ts'

/** Why the window cannot be made larger; null: it can. UEFI alone reads it (edk2, OvmfPkg/RUNTIME_CONFIG.md). */
export function windowBlocked(about: Pick<OptionContext, 'facts' | 'choices' | 'written'>): string | null {
  return usesBios(about) ? 'SeaBIOS places large BARs by itself.' : null
}
