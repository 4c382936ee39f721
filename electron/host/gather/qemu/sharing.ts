import { toolText } from '#host/exec/tool-text.ts'
import type { Host } from '#host/host.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'

/**
 * Asks virtiofsd for its options. One that maps ids into a namespace of its own needs no root for it; the older one,
 * which was a part of QEMU until 8.0, always does.
 */
export async function askSharing(host: Host): Promise<QemuFacts['sharing']> {
  const said = await beforeRecorded(() => toolText(host, 'virtiofsd', ['--help']), null)
  if (said === null || isUnknown(said) || !said.includes('--uid-map')) return null
  return { readOnly: said.includes('--readonly') }
}
