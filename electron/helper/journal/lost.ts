import { JOURNAL_FILE, OURS_ALONE } from '#shared/base/own-files.ts'
import type { System } from '#shared/base/system.ts'

/** What undo has to say where there is no journal: files of ours that it can no longer take back. Nothing: none is there. */
export async function lostJournal(system: System): Promise<string[]> {
  const found = []
  for (const path of OURS_ALONE) if ((await system.state(path)) !== null) found.push(path)
  if (found.length === 0) return []
  return [
    `${JOURNAL_FILE} is not there, but files of this program are: ${found.join(', ')}. They were left. Bring the journal back from a backup, or remove them by hand and have boot menu and initramfs built anew.`,
  ]
}
