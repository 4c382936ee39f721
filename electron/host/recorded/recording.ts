import { z } from 'zod'
import { fileStamp } from '#shared/base/file-stamp.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { flashFiles } from '#shared/facts/images/flash-file.ts'
import { imageFiles } from '#shared/facts/images/image-file.ts'
import { imagePlaces } from '#shared/facts/images/image-place.ts'
import { proofs } from '#shared/facts/proofs.ts'
import { choices } from '#shared/wizard/choices.ts'
import { stored } from '#shared/wizard/former-names.ts'

const RECORDING_VERSION = 1

const denied = z.strictObject({ denied: z.string() })
const result = z.strictObject({ exitCode: z.number().int(), stdout: z.string(), stderr: z.string() })

/** Null: the recording was made without. */
export const savedParts = z.strictObject({ choices: stored(choices), proofs: stored(proofs) }).nullable()

/**
 * A recorded host: what each read gave. null is "looked, and it was not there"; a path that is
 * missing here was never looked at. Commands are keyed by the whole line, e.g. `lspci -D -nnk`.
 */
const recording = z.strictObject({
  version: z.literal(RECORDING_VERSION, `expected version ${RECORDING_VERSION}`),
  name: z.string(),
  about: z.string(),
  /** true for a described host: what it does not mention does not exist. false: such a read is an error. */
  complete: z.boolean(),
  uid: z.number().int(),
  files: z.record(z.string(), z.union([z.string(), denied, z.null()])),
  dirs: z.record(z.string(), z.union([z.array(z.string()), denied, z.null()])),
  links: z.record(z.string(), z.union([z.string(), denied, z.null()])),
  commands: z.record(z.string(), z.union([result, z.null()])),
  tools: z.record(z.string(), z.boolean()),
  owners: z.record(z.string(), z.number().int().nullable()),
  stamps: z.record(z.string(), fileStamp.nullable()),
  flashes: flashFiles.default({}),
  images: imageFiles.default({}),
  places: imagePlaces.default({}),
  /** What the admin had decided and what had been proven, so that a replay judges as the host itself did. */
  saved: savedParts,
})
export type Recording = z.infer<typeof recording>

/** Parses a recording's text. `path` is only for the message. */
export function parseRecording(text: string, path: string): Recording {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ProblemError('bad-recording', `${path} is not JSON.`, {
      hint: 'Make the recording again with `report`.',
      cause,
    })
  }
  const parsed = recording.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined ? '' : ` at "${issue.path.join('.')}": ${issue.message}`
  throw new ProblemError('bad-recording', `${path} is not a recording this version can read${where}.`, {
    hint: `Recordings have version ${RECORDING_VERSION}; make it again with this version.`,
    detail: z.prettifyError(parsed.error),
  })
}

export function commandKey(tool: string, args: readonly string[]): string {
  return [tool, ...args].join(' ')
}

export function emptyRecording(name: string, about: string): Recording {
  return {
    version: RECORDING_VERSION,
    name,
    about,
    complete: false,
    uid: 0,
    files: {},
    dirs: {},
    links: {},
    commands: {},
    tools: {},
    owners: {},
    stamps: {},
    flashes: {},
    images: {},
    places: {},
    saved: null,
  }
}
