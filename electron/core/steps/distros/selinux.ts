import { citeFile } from '#core/evidence.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { pass, unknown } from '../step.ts'

const CODE = 'definition-selinux'
const SOURCE = '/sys/fs/selinux/enforce'

/** Says what SELinux means for the VM; nothing where it is off. */
export function selinux({ host }: Facts): Finding[] {
  const mode = host.selinux
  if (mode === null) return []
  if (isUnknown(mode)) return [unknown(CODE, 'Whether SELinux is on cannot be read.', [citeFile(SOURCE, mode.unknown)])]
  if (mode === 'permissive')
    return [
      pass(CODE, 'SELinux is permissive here: it tells what it would refuse, and refuses nothing.', [
        citeFile(SOURCE, '0'),
      ]),
    ]
  const text =
    'SELinux enforces its policy. What is written keeps or gets the labels of the policy, and the VM is a service that it leaves alone. Proven on: Debian 12’s policy, on emulated devices; not on that of Fedora or RHEL.'
  return [pass(CODE, text, [citeFile(SOURCE, '1')])]
}
