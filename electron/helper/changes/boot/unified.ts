import { jsonOrNull } from '#shared/base/json.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import { parseCmdlineFile } from '#shared/facts/boot/loader-entry.ts'
import { parseUnifiedImage, UNIFIED_IMAGE, type UnifiedImage } from '#shared/facts/boot/unified-image.ts'
import { ADDED_ARGS, parseKernelArgs } from '#shared/facts/kernel-args.ts'
import type { After, Before, SavedFile } from '#shared/plan/journal-lines.ts'
import type { Regenerate } from '#shared/plan/tool-command.ts'

/** Which of the files that a tool is about to write are unified kernel images with a signature. */
export async function signedOf(system: System, files: readonly SavedFile[]): Promise<Before['values']> {
  const signed: string[] = []
  for (const { path } of files) if ((await imageAt(system, path))?.signed === true) signed.push(path)
  return signed.length === 0 ? {} : { signed: JSON.stringify(signed) }
}

/**
 * Asserts that unified kernel images that were built start with the arguments that were written for them, and are signed
 * where they were: tools leave both to settings and hooks, and say nothing when those are not what was thought.
 * @throws ProblemError `tool-failed`, so that the change is taken back.
 */
export async function assertUnified(
  system: System,
  change: Regenerate,
  { before, after }: { before: Before; after: After },
): Promise<void> {
  const former = new Map(before.files.map(({ path, sha256 }) => [path, sha256]))
  const signed = jsonOrNull(before.values['signed'] ?? '')
  for (const { path, sha256 } of after.files) {
    const image = sha256 === former.get(path) ? null : await imageAt(system, path)
    if (image === null) continue
    await assertArguments(system, change, path, image)
    if (Array.isArray(signed) && signed.includes(path) && !image.signed) throw unsigned(path)
  }
}

async function imageAt(system: System, path: string): Promise<UnifiedImage | null> {
  if (!UNIFIED_IMAGE.test(path)) return null
  const found = await system.read(path)
  return found.kind === 'text' ? parseUnifiedImage(found.text) : null
}

async function assertArguments(system: System, change: Regenerate, path: string, image: UnifiedImage): Promise<void> {
  const has = new Set(parseKernelArgs(image.cmdline ?? ''))
  const lacks = (await writtenArguments(system, change)).filter((word) => isAdded(word) && !has.has(word))
  if (lacks.length === 0) return
  throw new ProblemError('tool-failed', `${path} was built, but its command line lacks ${lacks.join(' ')}.`, {
    hint: `${change.tool} takes the command line from elsewhere; Report shows from where it can.`,
  })
}

/** What others wrote there is theirs: a tool may be told not to take it. */
function isAdded(word: string): boolean {
  return ADDED_ARGS.some((added) => added === word)
}

/** What stands in the file that this tool makes the command line of; nothing where there is none. */
async function writtenArguments(system: System, { tool }: Regenerate): Promise<readonly string[]> {
  const text = async (path: string) => {
    const found = await system.read(path)
    return found.kind === 'text' ? found.text : ''
  }
  if (tool === 'dracut') {
    const setting = /^kernel_cmdline\+?=(["'])(.*)\1$/mu.exec(await text(OWN_FILES.dracutCmdline))?.[2] ?? ''
    return parseKernelArgs(setting)
  }
  const files = await Promise.all([OWN_FILES.kernelCmdline, OWN_FILES.cmdlineDropIn].map(text))
  return files.flatMap(parseCmdlineFile)
}

function unsigned(path: string): ProblemError {
  return new ProblemError(
    'tool-failed',
    `${path} was signed for Secure Boot, and what was built in its place is not.`,
    {
      hint: 'Have the tool sign what it builds (sbctl by its hook, dracut and ukify by their settings), then try again.',
    },
  )
}
