import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { isLeftover, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { LeftoverArg } from '#shared/ipc/snapshot.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { manualFix, warn } from '../step.ts'

/** Arguments that an earlier guide had somebody add, in what boots by default, with what each does. */
export function leftoverArgs({ defaultEntry }: Situation): LeftoverArg[] {
  if (isUnknown(defaultEntry)) return []
  const found = parseKernelArgs(defaultEntry.cmdline).filter(isLeftover)
  return [...new Set(found)].map((token) => ({ token, text: whatItDoes(token) }))
}

function whatItDoes(token: string): string {
  if (token === 'nomodeset')
    return 'keeps every graphics driver of the host from its work; many guides add it for another fault.'
  return 'keeps every device of these ids for VMs at each boot, a twin that the host needs too. Step 5 goes by the device itself.'
}

/** Judges them, as long as nobody has said that they go. */
export function leftovers(situation: Situation): Finding[] {
  const { choices, defaultEntry } = situation
  return leftoverArgs(situation)
    .filter(({ token }) => !choices.boot.remove.includes(token))
    .map(({ token, text }) => {
      const seen = isUnknown(defaultEntry) ? [] : [citeFile(defaultEntry.source, defaultEntry.cmdline)]
      const code = { code: 'boot-leftover', about: token } as const
      return warn(
        code,
        `${token} on the command line ${text}`,
        seen,
        manualFix('Tick it under “Choices” to have it taken out.'),
      )
    })
}
