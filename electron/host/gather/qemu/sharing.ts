import { toolText } from '#host/exec/tool-text.ts'
import type { Host } from '#host/host.ts'
import { beforeRecorded } from '#host/probe/listed.ts'
import { readWord } from '#host/read.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { QemuFacts } from '#shared/facts/facts.ts'

/** Nought in one of them: no ordinary user makes a namespace (namespaces(7); the second is Debian's and Arch's own). */
const LIMITS = ['/proc/sys/user/max_user_namespaces', '/proc/sys/kernel/unprivileged_userns_clone']

/**
 * Asks virtiofsd for its options. One that maps ids into a namespace of its own needs no root for it; the older one,
 * which was a part of QEMU until 8.0, always does.
 */
export async function askSharing(host: Host): Promise<QemuFacts['sharing']> {
  const said = await beforeRecorded(() => toolText(host, 'virtiofsd', ['--help']), null)
  if (said === null || isUnknown(said) || !said.includes('--uid-map')) return null
  const limits = await Promise.all(LIMITS.map((path) => beforeRecorded(() => readWord(host, path), null)))
  return { readOnly: said.includes('--readonly'), namespaces: !limits.includes('0') }
}
