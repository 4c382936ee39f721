import { citeFile, citeHost } from '#core/evidence.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { Comparison } from '#shared/ipc/health.ts'
import type { Choices } from '#shared/wizard/choices.ts'
import type { Evidence, Finding } from '#shared/wizard/finding.ts'
import { goneText, initramfsName } from '../boot/adapters.ts'
import { formerFiles, formerText } from '../boot/initramfs/former.ts'
import type { Initramfs } from '../boot/initramfs/initramfs.ts'
import { fail, fixInStep, warn } from '../steps/step.ts'

const CODE = 'drift-generator'

/** A host, what was chosen for it, and the generator in charge of it; null: which one is not known. */
export interface Building {
  facts: Facts
  choices: Choices
  initramfs: Initramfs | null
}

/**
 * Judges whether what steps 3 and 5 wrote for the initramfs is still what builds it: an upgrade of the distribution may
 * have brought another generator, which reads none of it. Nothing where all is as it was.
 */
export function generatorDrift(building: Building): Comparison[] {
  const { facts, initramfs: tool, choices } = building
  const seen = facts.boot.initramfs.map(({ id, evidence }) => citeHost(initramfsName(id), evidence))
  const found = tool === null ? undecided(building, seen) : former(building, seen)
  const gone = goneText(facts, choices)
  if (found === null && gone === null) return []
  const finding = found ?? warn(CODE, gone ?? '', seen, fixInStep('boot', 'Choose there what builds it now.'))
  return [{ what: 'What builds the initramfs', ...changed(building), same: false, finding }]
}

/** What it was written or chosen for, and what there is now. */
function changed({ facts, initramfs: tool, choices }: Building): Pick<Comparison, 'was' | 'is'> {
  const is = facts.boot.initramfs.map(({ id }) => initramfsName(id)).join(' or ')
  if (tool === null) return { was: null, is }
  return { was: formerFiles(facts, tool.id)?.name ?? choices.boot.initramfs, is: tool.name }
}

/** What was written for another generator is used by nobody. Step 3 puts the driver into the image, step 5 the rule. */
function former({ facts, initramfs: tool }: Building, seen: Evidence[]): Finding | null {
  if (tool === null) return null
  const left = formerFiles(facts, tool.id)
  const paths = [...(left?.bind ?? []), ...(left?.boot ?? [])].map((path) => citeFile(path, 'is there'))
  const bind = formerText(facts, tool, 'bind')
  const boot = formerText(facts, tool, 'boot')
  const first = boot === null ? '' : 'Apply step 3 first, which does the same for the driver. '
  if (bind !== null)
    return fail(
      CODE,
      bind,
      [...paths, ...seen],
      fixInStep('bind', `${first}Step 5 writes it for ${tool.name} and takes the former one out.`),
    )
  return boot === null
    ? null
    : fail(CODE, boot, [...paths, ...seen], fixInStep('boot', `Step 3 writes it for ${tool.name}.`))
}

/** Several fit and none was chosen: whoever guessed might write for the one that is used by nobody. */
function undecided({ facts }: Building, seen: Evidence[]): Finding | null {
  const names = facts.boot.initramfs.map(({ id }) => initramfsName(id))
  if (names.length < 2 || facts.boot.nextImage === null) return null
  const text = `${names.join(' and ')} can both build the initramfs, and none is chosen: which of them takes the rule of step 5 is not known.`
  return warn(CODE, text, seen, fixInStep('boot', 'Choose one in step 3.'))
}
