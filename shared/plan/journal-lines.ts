import { z } from 'zod'
import { imageLook } from '../facts/boot/boot-image.ts'
import { storedStepId } from '../wizard/former-names.ts'
import { change } from './change.ts'

const saved = z.strictObject({
  path: z.string(),
  /** SHA-256 of the bytes, which lie in backups/<hash>; null: the file did not exist. */
  sha256: z.string().nullable(),
  mode: z.number().int(),
  uid: z.number().int(),
  gid: z.number().int(),
  /** SELinux's; not there: the file has none, or the line is older. */
  label: z.string().optional(),
})
export type SavedFile = z.infer<typeof saved>

/** The state before a change, enough to go back to it without looking at anything else. */
const before = z.strictObject({
  files: z.array(saved),
  createdDirectories: z.array(z.string()),
  /** Plain values by name, e.g. a function's driver, or the owner of a device node. */
  values: z.record(z.string(), z.string().nullable()),
})
export type Before = z.infer<typeof before>

/**
 * The files a change left behind, by hash: undo compares with it to see whether somebody else was there since. `looked`:
 * what was found in initramfs images that it built, which users may not always read.
 */
const after = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string().nullable() })),
  looked: z.array(imageLook).optional(),
})
export type After = z.infer<typeof after>

/**
 * A written text that the line does not hold, its SHA-256 and where it is: in backups/<hash>, because not everybody may
 * read the file, or nowhere any more, because the change was taken back long ago.
 */
const contents = z.strictObject({ sha256: z.string(), kept: z.enum(['backups', 'nowhere']) })
export type Contents = z.infer<typeof contents>

/** Which change a line is about. Older journals hold names of transactions that would not be given today. */
const one = { tx: z.string(), index: z.number().int() }
const at = z.string()

/**
 * One line of journal.jsonl. `intent` is on the disk before its change is made, so that a crash at any
 * moment leaves a line that tells how to go back.
 */
export const journalLine = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('begin'),
    version: z.literal(1),
    tx: z.string(),
    plan: z.string(),
    step: storedStepId,
    at,
    boot: z.string(),
  }),
  z.strictObject({ kind: z.literal('intent'), ...one, change, before, contents: contents.optional() }),
  z.strictObject({ kind: z.literal('done'), ...one, after }),
  z.strictObject({ kind: z.literal('end'), tx: z.string(), at }),
  /** The admin keeps a new network; its guard has nothing to do any more. */
  z.strictObject({ kind: z.literal('kept'), tx: z.string(), at }),
  z.strictObject({ kind: z.literal('reverted'), ...one, at, note: z.string().nullable() }),
  /** Undo was asked for this one and could not; it stays in force. */
  z.strictObject({ kind: z.literal('unreverted'), ...one, at, why: z.string() }),
  /** The admin leaves as it is what could not be taken back. */
  z.strictObject({ kind: z.literal('left'), ...one, at }),
])
export type JournalLine = z.infer<typeof journalLine>
