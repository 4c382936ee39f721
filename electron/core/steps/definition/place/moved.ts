import { diskFile } from '#core/definition/disk/disk-file.ts'
import { settled } from '#core/definition/disk/settled.ts'
import { isProof } from '#core/definition/machine/profile.ts'
import type { OptionContext } from '#core/definition/topic.ts'
import { citeFile } from '#core/evidence.ts'
import { manualFix, warn } from '#core/steps/step.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import type { Finding } from '#shared/wizard/finding.ts'

type About = Pick<OptionContext, 'facts' | 'choices' | 'written'>

/** Tells of an image that the VM has, and would have no more: another directory or format means another, empty one. */
export function movedNeeds({ facts, choices: { definition }, written }: About): Finding[] {
  if (written === null || isProof(definition) || isProof(written)) return []
  const { name } = definition
  const chosen = [{ number: 1, disk: definition.disk }, ...definition.moreDisks]
  const before = [{ number: 1, disk: written.disk }, ...written.moreDisks]
  return chosen.flatMap(({ number, disk }) => {
    const former = before.find((one) => one.number === number)?.disk ?? null
    if (disk?.kind !== 'new' || former?.kind !== 'new') return []
    const [was, now] = [diskFile(name, former, number), diskFile(name, settled(disk, facts, former), number)]
    if (was === now) return []
    const text = `The VM’s disk so far is ${was}; a new, empty one is made at ${now}.`
    const advice =
      'To go on with the old one choose where it is, or choose it as an existing image. It stays in any case.'
    const code = { code: 'definition-place', about: `${number} moved` } as const
    return [warn(code, text, [citeFile(vmPaths(name).definition, was)], manualFix(advice))]
  })
}
