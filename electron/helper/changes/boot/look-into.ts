import type { Work } from '#helper/handler.ts'
import { imageContents } from '#host/probe/boot-image/contents.ts'
import { deploymentImage, nextDeployment } from '#host/probe/boot-image/deployment.ts'
import { EARLY_RULES, OWN_FILES } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { ImageLook } from '#shared/facts/boot/boot-image.ts'
import type { Change } from '#shared/plan/change.ts'
import type { After, Before } from '#shared/plan/journal-lines.ts'
import type { Regenerate } from '#shared/plan/tool-command.ts'
import { assertUnified } from './unified.ts'

/** Images, whatever distribution names them, and not what a tool that was killed leaves beside them. */
const IMAGE = /\/(?:initrd|initramfs)[^/]*$|\.efi$/u
const LEFTOVER = /\.(?:new|dpkg-bak)$/u

/** What a change's files were before it, and what it left. */
interface Files {
  before: Before
  after: After
}

/**
 * Looks into the initramfs images that a change has built: a tool may fail and say that all is well, or go by other files
 * than those that were written. Throws `tool-failed` for one that was built without the rule of step 5 while the rule is
 * there. What could not be looked into is left out, and said in the log.
 */
export async function lookInto(work: Work, change: Change, files: Files): Promise<Pick<After, 'looked'>> {
  if (change.kind !== 'rebuild-initramfs' && change.kind !== 'update-bootloader') return {}
  const wanted = await hasRule(work, change)
  const looked: ImageLook[] = []
  await assertUnified(work.system, change, files)
  for (const { path, isBuilt } of await imagesOf(work, change, files)) {
    const look = await lookAt(work, path)
    if (look === null) continue
    looked.push(look)
    if (wanted && isBuilt && look.contents.rule !== 'runs') throw withoutRule(path, look.contents.rule)
  }
  return looked.length === 0 ? {} : { looked }
}

interface Image {
  path: string
  /** It is another one than before. */
  isBuilt: boolean
}

/** Images among the files of a change; a deployment, which is none of them, is always a new one. */
async function imagesOf({ system, log }: Work, { tool }: Regenerate, { before, after }: Files): Promise<Image[]> {
  if (tool !== 'rpm-ostree') {
    const left = new Map(after.files.map(({ path, sha256 }) => [path, sha256]))
    return before.files
      .filter(({ path }) => IMAGE.test(path) && !LEFTOVER.test(path))
      .map(({ path, sha256 }) => ({ path, isBuilt: left.get(path) !== sha256 }))
  }
  const deployment = await nextDeployment(system)
  const path = isUnknown(deployment) ? deployment : await deploymentImage(system, deployment)
  if (!isUnknown(path)) return [{ path, isBuilt: true }]
  log(`What boots next was not looked into: ${path.unknown}`)
  return []
}

/** A rule that was written for another generator is not for this one to take. */
async function hasRule({ system }: Work, change: Regenerate): Promise<boolean> {
  const own = change.kind === 'rebuild-initramfs' ? change.tool === 'update-initramfs' : null
  const debian = own ?? (await system.list('/usr/share/initramfs-tools')).kind === 'names'
  const rules = EARLY_RULES.filter((path) => (path === OWN_FILES.initramfsInitTop ? debian : own !== true))
  const there = await Promise.all(rules.map((path) => system.state(path)))
  return there.some((state) => state !== null)
}

async function lookAt({ system, log }: Work, path: string): Promise<ImageLook | null> {
  const stamp = await system.stamp(path)
  if (stamp === null) return null
  const contents = await imageContents(system, path)
  if (!isUnknown(contents)) return { path, stamp, contents }
  log(`What is in ${path} was not looked at: ${contents.unknown}`)
  return null
}

function withoutRule(path: string, rule: 'idle' | 'missing'): ProblemError {
  const text =
    rule === 'missing'
      ? `${path} was built, but the rule of step 5 is not in it.`
      : `${path} was built with the rule of step 5, but nothing in it would run the rule: it has no systemd.`
  return new ProblemError('tool-failed', text, {
    hint: 'The generator goes by other settings than those that were written; Report shows which it has.',
  })
}
