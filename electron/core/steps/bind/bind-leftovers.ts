import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { plural } from '#shared/base/text.ts'
import type { Leftover } from '#shared/ipc/leftover.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { manualFix, warn } from '../step.ts'

/** Says which lines of earlier guides stand in the way of what is reserved. Step 3 says so of kernel arguments. */
export function bindLeftovers({ leftovers }: Situation): Finding[] {
  return leftovers
    .filter(({ standing, step }) => step === null && (standing === 'in-the-way' || standing === 'weakens'))
    .map((one) => {
      const code = { code: 'bind-leftover', about: `${one.source}: ${one.lines[0]?.line ?? ''}` } as const
      const seen = [citeFile(one.source, one.lines.map(({ line }) => line).join('\n'))]
      return warn(code, `${what(one)}. ${one.why}`, seen, manualFix(advice(one)))
    })
}

function what({ source, lines }: Leftover): string {
  const [first] = lines
  const quoted = lines.length === 1 && first !== undefined && first.line.length < SHORT
  return quoted
    ? `"${first.line}" stands in ${source}`
    : `${plural(lines.length, 'line')} of ${source} may be left of an earlier guide`
}

const SHORT = 90

function advice({ source }: Leftover): string {
  const built = /^\/etc\/(?:modprobe\.d|initramfs-tools|initcpio|dracut|mkinitcpio)/u.test(source)
  return `Put a # in front of it, or take it out, where nothing else needs it.${built ? ' Then have the initramfs built again.' : ''}`
}
