import { citeFile } from '#core/evidence.ts'
import { EARLY_BIND_NOTE } from '#shared/base/own-files.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { ImageContents, ImageLook, NextImage } from '#shared/facts/boot/boot-image.ts'
import type { Facts } from '#shared/facts/facts.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { Evidence } from '#shared/wizard/finding.ts'

/** Whether the image that boots by default holds the rule of step 5, in a sentence without its end. */
export interface RuleInImage {
  verdict: 'holds' | 'lacks' | 'unseen'
  text: string
  evidence: Evidence[]
}

/** What the helper found in images that it had built, newest last. */
export function looksOf(journal: readonly JournalEntry[]): ImageLook[] {
  return journal.flatMap(({ after }) => after?.looked ?? [])
}

/**
 * Judges the image that boots by default by what is in it: as it can be read now, else as the helper found it when it
 * had it built, else by this boot, which it made. Null: no rule is written.
 */
export function ruleInImage(facts: Facts, looks: readonly ImageLook[]): RuleInImage | null {
  const image = facts.boot.nextImage
  if (image === null) return null
  if (isUnknown(image.path)) return unseen('the image that boots next', image.path.unknown)
  const contents = isUnknown(image.contents) ? lookedAt(image, looks) : image.contents
  if (contents !== null) return judged(facts, image.path, contents)
  if (madeThisBoot(facts, image, image.path))
    return { verdict: 'holds', text: `${image.path} made this boot, in which the rule ran`, evidence: [note(facts)] }
  return unseen(image.path, isUnknown(image.contents) ? image.contents.unknown : '')
}

function lookedAt({ path, stamp }: NextImage, looks: readonly ImageLook[]): ImageContents | null {
  const same = looks.findLast(
    (look) => look.path === path && look.stamp.bytes === stamp?.bytes && look.stamp.modified === stamp.modified,
  )
  return same?.contents ?? null
}

function judged({ kernel }: Facts, path: string, { rule, vfioPci }: ImageContents): RuleInImage {
  const what = [`rule of step 5: ${rule}`, `module vfio-pci: ${vfioPci ? 'there' : 'not there'}`]
  const evidence = [citeFile(path, what.join('\n'))]
  if (rule === 'missing') return { verdict: 'lacks', text: `${path} does not hold the rule of step 5`, evidence }
  if (rule === 'idle')
    return { verdict: 'lacks', text: `${path} holds the rule of step 5, but no systemd that would run it`, evidence }
  if (kernel.vfioPci === 'module' && !vfioPci)
    return { verdict: 'lacks', text: `${path} holds the rule of step 5, but not the module vfio-pci`, evidence }
  return { verdict: 'holds', text: `${path} holds the rule`, evidence }
}

/** Ours ran, and the image is as it was then; one that names another kernel was not what ran. */
function madeThisBoot({ boot, kernel }: Facts, { sinceBoot }: NextImage, path: string): boolean {
  const another = /\d+\.\d+/u.test(path) && !path.includes(kernel.release)
  return boot.earlyBind !== null && sinceBoot === true && !another
}

function note({ boot }: Facts): Evidence {
  return citeFile(EARLY_BIND_NOTE, boot.earlyBind)
}

function unseen(what: string, why: string): RuleInImage {
  const text = `whether ${what} holds the rule cannot be seen (${why})`
  return { verdict: 'unseen', text, evidence: [citeFile(what, null)] }
}
