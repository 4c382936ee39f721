import { takenNote } from '#shared/base/own-files.ts'
import { ProblemError } from '#shared/base/problem.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import type { SavedFile } from '#shared/plan/journal-lines.ts'
import { vmPaths, vmUnit } from '#shared/vm/vm.ts'
import { assertOwnAccount } from '../allow-list/accounts.ts'
import { assertNoSymlink, assertOwnFile, missingParents } from '../allow-list/paths.ts'
import { type HandlerOf, REVERTED, type Reverted, type Work } from '../handler.ts'
import { isPublic, writtenText } from '../journal/contents.ts'
import { unmerge } from '../journal/unmerge.ts'
import { unitRuns } from '../units/unit.ts'
import { reloadProfile } from './apparmor.ts'
import { argumentsOf } from './boot/former-arguments.ts'

const DIRECTORY = { mode: 0o755, uid: 0, gid: 0 }
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const writeFile: HandlerOf<'write-file'> = {
  async check(work, change) {
    const { system, backups } = work
    assertOwnFile(change.path, change.expected !== null)
    await assertNoSymlink(system, change.path)
    await assertOwnVm(work, change)
    const now = await backups.hashOf(change.path)
    if (now === change.expected) return
    // Who made the plan may not read a rule of polkit's, and one that says the same already is no conflict.
    if (change.recipe?.of === 'vm-rule' && now === system.hash(encoder.encode(change.text))) return
    const what =
      change.expected === null
        ? 'was not there when the plan was made, and is now'
        : now === null
          ? 'is gone'
          : 'was changed by someone else'
    throw new ProblemError('conflict', `${change.path} ${what} since the plan was made.`, {
      hint: 'Nothing was written. Check again to get a new plan.',
    })
  },

  async capture({ system, backups }, change) {
    const createdDirectories = await missingParents(system, change.path)
    const saved = await backups.save(change.path)
    const values = { former: await formerText(system, saved), ...argumentsOf(change) }
    return { files: [saved], createdDirectories, values }
  },

  async apply({ system }, change) {
    for (const parent of await missingParents(system, change.path)) await system.makeDirectory(parent, DIRECTORY)
    // An edited file keeps who may read it; only a new one gets the mode of the plan.
    const mode = change.expected === null ? change.mode : ((await system.state(change.path))?.mode ?? change.mode)
    await system.writeAtomic(change.path, encoder.encode(change.text), { mode, uid: 0, gid: 0 })
    await reloadUnits(system, change.path)
    await reloadProfile(system, change.path, false)
  },

  async revert(work, change, entry) {
    const saved = entry.before.files[0]
    if (saved === undefined) return REVERTED
    await assertCardsBack(work.system, change)
    if (!(await work.backups.untouchedSince(entry, saved))) return removeOurEdits(work, change, entry, saved)
    await work.backups.restore(saved)
    await reloadUnits(work.system, change.path)
    await reloadProfile(work.system, change.path, true)
    return REVERTED
  },
}

/** systemd keeps what it has read of a unit that is there or has failed, until it is told (systemctl(1)). */
async function reloadUnits(system: Work['system'], path: string): Promise<void> {
  if (!path.startsWith('/etc/systemd/system/passthrough-studio-vm-')) return
  if ((await system.list('/run/systemd/system')).kind !== 'names') return
  await system.run('systemctl', ['daemon-reload'], { expect: 'any' })
}

/** Refuses a VM that would run as somebody else: whoever defines it chooses its devices and disks. */
async function assertOwnVm(work: Work, { recipe }: ChangeOf<'write-file'>): Promise<void> {
  if (recipe !== undefined && 'definition' in recipe)
    await assertOwnAccount(work, recipe.definition.user, 'A VM is defined')
}

/** Nothing else than this script can give back what the VM's start took. */
async function assertCardsBack(system: Work['system'], { recipe }: ChangeOf<'write-file'>): Promise<void> {
  if (recipe?.of !== 'vm-host') return
  const { name } = recipe.definition
  // What comes after the VM's end is waited for.
  if ((await system.list('/run/systemd/system')).kind === 'names') await unitRuns(system, vmUnit(name))
  if ((await system.state(takenNote(name))) === null) return
  throw new ProblemError('in-use', `The VM "${name}" has cards of this host as long as it runs.`, {
    hint: `Shut it down first. If it is off: run "sh ${vmPaths(name).host} give-back" as root, then undo again.`,
  })
}

/** The text of before, for the journal's diff; null where not everybody may read it, as the journal itself is public. */
async function formerText(system: Work['system'], { path, sha256, mode }: SavedFile): Promise<string | null> {
  if (sha256 === null || !(await isPublic(system, path, mode))) return null
  const result = await system.read(path)
  return result.kind === 'text' ? result.text : null
}

/** Somebody else edited the file since: it loses only what we had added, and what it holds now is kept as a backup. */
async function removeOurEdits(
  { system, backups }: Work,
  change: ChangeOf<'write-file'>,
  { contents }: JournalEntry,
  saved: SavedFile,
): Promise<Reverted> {
  const state = await system.state(change.path)
  const bytes = await system.bytes(change.path)
  const before = saved.sha256 === null ? new Uint8Array() : await backups.bytes(saved)
  if (state === null || bytes === null)
    return { note: `${change.path} was removed by someone else since.`, regenerate: null }
  const ours = await writtenText(backups, change, contents)
  const rest = ours === null ? null : unmerge(decoder.decode(bytes), ours, decoder.decode(before))
  if (rest === null)
    return {
      note: `${change.path} was changed by someone else since, and our lines in it too; it was left as it is now.`,
      regenerate: null,
    }
  await backups.save(change.path)
  if (rest === '' && saved.sha256 === null) await system.remove(change.path)
  else await system.writeAtomic(change.path, encoder.encode(rest), state)
  await reloadProfile(system, change.path, true)
  return {
    note: `${change.path} was changed by someone else since; only what was added here was taken out.`,
    regenerate: null,
  }
}
