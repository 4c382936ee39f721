import { assertArgumentFile, assertNoSymlink } from '#helper/allow-list/paths.ts'
import { beforeValues, type HandlerOf, REVERTED } from '#helper/handler.ts'
import { entriesBelow, writtenBy } from '#helper/journal/tool-outputs.ts'
import { waitForBootTools } from '#helper/wait-for-boot-tools.ts'
import { ENTRY_DIRECTORIES } from '#shared/base/own-files.ts'
import type { System } from '#shared/base/system.ts'
import type { ChangeOf } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { kernelArgsCommand } from '#shared/plan/tool-command.ts'

/**
 * Tools that keep the arguments themselves. Their files are kept before and put back byte for byte; where a kernel
 * came or a file changed since, the tool takes out exactly what it was told to put in. rpm-ostree always does the
 * latter: its deployments are made, not edited.
 */
export const kernelArgs: HandlerOf<'kernel-args'> = {
  async check({ system }, change) {
    for (const path of await writtenBy(system, change)) {
      assertArgumentFile(path)
      await assertNoSymlink(system, path)
    }
  },

  async capture({ backups, system }, change) {
    const paths = await writtenBy(system, change)
    const files = []
    for (const path of paths) files.push(await backups.save(path))
    return { ...beforeValues({ entries: JSON.stringify(await entriesOf(system, paths)) }), files }
  },

  async apply(work, change) {
    const { tool, args } = kernelArgsCommand(change, 'there')
    await work.system.run(tool, args, { onLine: work.log })
  },

  async revert(work, change, entry) {
    if (entry.after === null) await waitForBootTools(work.system)
    const { intact, others } = await work.backups.sorted(entry)
    const own = change.tool !== 'rpm-ostree' && others.length === 0 && (await sameEntries(work.system, entry))
    // What can be put back is, also where the tool is not there any more.
    const { args } = kernelArgsCommand(change, 'back')
    const told = own ? Promise.resolve() : work.system.run(change.tool, args, { onLine: work.log })
    await told.finally(() => work.backups.restoreAll(intact))
    if (own || change.tool === 'rpm-ostree') return REVERTED
    const note = `Boot entries were changed by someone else since; ${change.tool} ${undoneWords(change)} and left the rest.`
    return { note, regenerate: null }
  },
}

function undoneWords({ args, remove = [] }: ChangeOf<'kernel-args'>): string {
  const out = args.length === 0 ? [] : [`took out ${args.join(' ')}`]
  const back = remove.length === 0 ? [] : [`put back ${remove.join(' ')}`]
  return [...out, ...back].join(', ')
}

/** Names of the entry files beside those the tool was to write. */
function entriesOf(system: System, files: readonly string[]): Promise<string[]> {
  return entriesBelow(
    system,
    ENTRY_DIRECTORIES.filter((place) => files.some((path) => path.startsWith(`${place}/`))),
  )
}

/** Whether no entry came or went since. */
async function sameEntries(system: System, { before }: JournalEntry): Promise<boolean> {
  const files = before.files.map(({ path }) => path)
  return JSON.stringify(await entriesOf(system, files)) === before.values['entries']
}
