import { type Judged, judgedHost } from '#core/boot/leftovers/host-of.ts'
import { judgeWord } from '#core/boot/leftovers/words.ts'
import { citeFile } from '#core/evidence.ts'
import type { Situation } from '#core/situation.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { LeftoverArg } from '#shared/ipc/snapshot.ts'
import type { Finding } from '#shared/wizard/finding.ts'
import { manualFix, warn } from '../step.ts'

interface JudgedArg extends LeftoverArg {
  standing: Judged['standing']
}

/** Arguments that an earlier guide had somebody add, in what boots by default, with what each does. */
export function leftoverArgs(situation: Situation): LeftoverArg[] {
  return judgedArgs(situation).map(({ token, text }) => ({ token, text }))
}

/** Those that this step offers to take out. */
function judgedArgs(situation: Situation): JudgedArg[] {
  const { defaultEntry } = situation
  if (isUnknown(defaultEntry)) return []
  const host = judgedHost(situation)
  return [...new Set(parseKernelArgs(defaultEntry.cmdline))].flatMap((token) => {
    const judged = judgeWord(token, host)
    if (judged?.step !== 'boot') return []
    const { does, why, standing } = judged
    return [{ token, text: `${does.charAt(0).toLowerCase()}${does.slice(1)} ${why}`, standing }]
  })
}

/** Judges those that stand in the way, as long as nobody has said that they go. */
export function leftovers(situation: Situation): Finding[] {
  const { choices, defaultEntry } = situation
  return judgedArgs(situation)
    .filter(({ token, standing }) => standing !== 'harmless' && !choices.boot.remove.includes(token))
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
