import { z } from 'zod'
import { setupAnswers } from '../options/answers.ts'
import { EDITIONS } from './editions.ts'

/** All that the disc's files are made of, but the password. */
export const answerDisc = z.strictObject({
  answers: setupAnswers,
  windows: z.union([z.literal(10), z.literal(11)]),
  /** How the VM starts, which decides how its disk is divided. */
  layout: z.enum(['uefi', 'bios']),
  /** Whether the VM has a disc with the virtio drivers. */
  drivers: z.boolean(),
})
export type AnswerDisc = z.infer<typeof answerDisc>

/** Returns the name of the image that Setup takes from the installation disc. */
export function imageOf({ answers: { image, edition }, windows }: Pick<AnswerDisc, 'answers' | 'windows'>): string {
  return image ?? `Windows ${windows} ${EDITIONS[edition].name}`
}

/** Programs that make such a disc, in the order they are looked for. */
export const DISC_TOOLS = ['xorriso', 'genisoimage', 'mkisofs'] as const
export type DiscTool = (typeof DISC_TOOLS)[number]

/** What the disc is called in the guest. */
const LABEL = 'PTS_ANSWERS'

/** A file of the disc: its name there, and where its bytes lie on this host. */
interface Graft {
  name: string
  from: string
}

/**
 * Arguments that make a disc of files, each under its name. Joliet and Rock Ridge keep the names as they are. xorriso
 * reads no configuration (xorriso(1), -no_rc). Where a file lies is written as graft points are (mkisofs(8)).
 */
export function discArguments(tool: DiscTool, path: string, files: readonly Graft[]): string[] {
  const asMkisofs = tool === 'xorriso' ? ['-no_rc', '-as', 'mkisofs'] : []
  const grafts = files.map(({ name, from }) => `${name}=${from.replaceAll(/[\\=]/gu, '\\$&')}`)
  return [...asMkisofs, '-quiet', '-V', LABEL, '-J', '-r', '-o', path, '-graft-points', ...grafts]
}
