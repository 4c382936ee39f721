import { ANSWER_FILES, answerFiles, answersShown } from '#core/texts/answers/answer-files.ts'
import { assertForCaller } from '#helper/allow-list/accounts.ts'
import { assertAnswerDisc, assertNoSymlink, missingParents } from '#helper/allow-list/paths.ts'
import { beforeValues, type HandlerOf, REVERTED, type Reverted, type Work } from '#helper/handler.ts'
import { RUN_DIRECTORY } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { System } from '#shared/base/system.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import { discArguments } from '#shared/vm/answers/answer-disc.ts'
import { chosenInstallers } from '#shared/vm/answers/installers.ts'
import { isAsMade, makeGuestFile, noteOf } from '../guest-file.ts'

/** Below /run, so that no disk of the host ever has what is in it. */
const STAGE = `${RUN_DIRECTORY}/answer.files`
const encoder = new TextEncoder()

/** Every name that the system disk of a VM may have. */
const DISKS = ['disk.qcow2', 'disk.raw']

export const makeAnswerDisc: HandlerOf<'make-answer-disc'> = {
  async check(work, change) {
    const { system, password = null } = work
    const home = assertAnswerDisc(change.path)
    await assertForCaller(work, change, `${change.path} is made`)
    await assertNoSymlink(system, change.path)
    if (change.text !== answersShown(change.disc))
      throw new ProblemError('refused', 'What was shown is not what the disc with answers would hold.', {
        hint: 'Nothing was changed. Check again to get a new plan.',
      })
    if (password === null)
      throw new ProblemError('refused', 'The disc with answers needs the account’s password.', {
        hint: 'Nothing was changed. Give it, then apply again.',
      })
    await assertEmptyDisk(system, home)
    await assertReadable(system, change)
  },

  /** The note alone: a copy, or a sum, of the disc itself would give the password away to whoever can guess it. */
  async capture({ system }, { path }) {
    const note = { path: noteOf(path), sha256: null, mode: 0, uid: 0, gid: 0 }
    return { files: [note], createdDirectories: await missingParents(system, path), values: {} }
  },

  apply: (work, change) => makeGuestFile(work, change, () => makeDisc(work, change)),

  async revert(work, { path }, entry) {
    await clearStage(work.system)
    const mine = entry.after === null || (await isAsMade(work, path))
    if (!mine && (await work.system.state(path)) !== null) return kept(work, path)
    await removeDisc(work.system, path)
    return REVERTED
  },
}

export const removeAnswerDisc: HandlerOf<'remove-answer-disc'> = {
  async check(work, change) {
    assertAnswerDisc(change.path)
    await assertForCaller(work, change, `${change.path} is removed`)
    await assertNoSymlink(work.system, change.path)
  },

  capture: async () => beforeValues({}),

  apply: ({ system }, { path }) => removeDisc(system, path),

  async revert({ system }, { path }) {
    if ((await system.state(path)) !== null) return REVERTED
    return { note: `${path} is not made again: the password on it was not kept.`, regenerate: null }
  },
}

/**
 * Setup divides the disk unasked, so a disc is made only while nobody has written to the disk: it is not there yet, or
 * as it was made.
 */
async function assertEmptyDisk(system: System, home: string): Promise<void> {
  for (const name of DISKS) {
    const path = `${home}/${name}`
    if ((await system.state(path)) === null || (await isAsMade({ system }, path))) continue
    throw new ProblemError('conflict', `${path} was written to since it was made; Setup would erase what is on it.`, {
      hint: 'Take “Windows installs itself” away in step 8, or make a new VM with a disk of its own.',
    })
  }
}

/** genisoimage leaves out what it cannot read, and says nothing. As the VM's user, whose rights are all that counts. */
async function assertReadable(system: System, { disc, uid, gid }: ChangeOf<'make-answer-disc'>): Promise<void> {
  for (const { path } of chosenInstallers(disc.answers))
    for (const what of ['-f', '-r']) {
      const { exitCode } = await system.run('test', [what, path], { as: { uid, gid }, expect: [0, 1] })
      if (exitCode === 0) continue
      throw new ProblemError('conflict', `${path} is not there, or the VM’s user may not read it.`, {
        hint: 'Nothing was changed. Give that user the file and every directory above it, or leave it out in step 8.',
      })
    }
}

/** By a tool of the host, which drops everything of root's first: what it reads and writes is the VM's user's. */
async function makeDisc({ system, log, password }: Work, { path, tool, disc, uid, gid }: ChangeOf<'make-answer-disc'>) {
  const owner = { uid, gid }
  const secret = { ...owner, mode: 0o600 }
  await clearStage(system)
  await system.makeDirectory(RUN_DIRECTORY, { mode: 0o755, uid: 0, gid: 0 })
  // Root's, so that nobody puts anything into it; the files in it are the user's.
  await system.makeDirectory(STAGE, { mode: 0o711, uid: 0, gid: 0 })
  try {
    const files = answerFiles(disc, hidden(password ?? ''))
    for (const { name, text } of files) await system.writeAtomic(`${STAGE}/${name}`, encoder.encode(text), secret)
    // It is there with its mode before anything is in it, and another one for a guest that has the former open.
    await system.remove(path)
    await system.writeAtomic(path, new Uint8Array(), secret)
    const hint = `The detail is what ${tool} says; look for room where ${path} lies.`
    const copies = chosenInstallers(disc.answers).map(({ file, path: from }) => ({ name: file, from }))
    const grafts = [...files.map(({ name }) => ({ name, from: `${STAGE}/${name}` })), ...copies]
    await system.run(tool, discArguments(tool, path, grafts), { onLine: log, hint, as: owner })
  } finally {
    await clearStage(system)
  }
}

/** The password as answer files have it: not in clear, and no secret either (Windows SIM does the same). */
function hidden(password: string): string {
  return Buffer.from(`${password}Password`, 'utf16le').toString('base64')
}

async function clearStage(system: System): Promise<void> {
  if ((await system.state(STAGE)) === null) return
  for (const name of ANSWER_FILES) await system.remove(`${STAGE}/${name}`)
  await system.removeDirectory(STAGE)
}

async function removeDisc(system: System, path: string): Promise<void> {
  await system.remove(path)
  await system.remove(noteOf(path))
}

async function kept({ system }: Work, path: string): Promise<Reverted> {
  await system.remove(noteOf(path))
  return {
    note: `${path} was kept: it was changed since. It may hold a password; remove it yourself.`,
    regenerate: null,
  }
}
