import { z } from 'zod'
import type { VmProfile } from '../options/machine.ts'

const EDITION_IDS = ['home', 'pro', 'education', 'enterprise', 'enterprise-ltsc', 'iot-ltsc'] as const
export const editionId = z.enum(EDITION_IDS)
export type EditionId = z.infer<typeof editionId>

interface Edition {
  /** Behind `Windows 11 ` it is the name of its image in install.wim, of discs in English. */
  name: string
  /**
   * The key that Microsoft publishes for setups of this edition ("Key Management Services client activation and product
   * keys"). It tells Setup the edition and activates nothing. Null: we know of none for certain, and Setup may ask.
   */
  key: string | null
}

export const EDITIONS: Readonly<Record<EditionId, Edition>> = {
  home: { name: 'Home', key: 'TX9XD-98N7V-6WMQ6-BX7FG-H8Q99' },
  pro: { name: 'Pro', key: 'W269N-WFGWX-YVC9B-4J6C9-T83GX' },
  education: { name: 'Education', key: 'NW6C2-QMPVW-D7KKK-3GKT6-VCFB2' },
  enterprise: { name: 'Enterprise', key: 'NPPR9-FWDCX-D2C8J-H872K-2YT43' },
  'enterprise-ltsc': { name: 'Enterprise LTSC', key: 'M7XTQ-FN8P6-TTKYV-9D4CC-J462D' },
  'iot-ltsc': { name: 'IoT Enterprise LTSC', key: null },
}

/** Which Windows a VM of a profile gets; null: none. */
export function windowsOf(profile: VmProfile): 10 | 11 | null {
  if (profile === 'windows-11') return 11
  return profile === 'windows-10' ? 10 : null
}

/** Editions with their ids, in the order they are offered. */
export function editionRows(): { id: EditionId; name: string }[] {
  return EDITION_IDS.map((id) => ({ id, name: EDITIONS[id].name }))
}
