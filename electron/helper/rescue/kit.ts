import { RECOVERY_SHEET, RESCUE_SCRIPT } from '#shared/base/own-files.ts'
import type { System } from '#shared/base/system.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { rescueScript } from './script.ts'
import { recoverySheet } from './sheet.ts'

const encoder = new TextEncoder()

/**
 * Keeps the rescue script and the recovery sheet equal to the journal. Called after a change is announced and before
 * it is made, so that they know of it whenever the host stops. With nothing open both are removed.
 */
export async function refreshRescueKit(system: System, entries: readonly JournalEntry[]): Promise<void> {
  const open = entries.filter((entry) => entry.reverted === null)
  if (open.length === 0) {
    for (const path of [RESCUE_SCRIPT, RECOVERY_SHEET])
      if ((await system.state(path)) !== null) await system.remove(path)
    return
  }
  const name = await system.read('/proc/sys/kernel/hostname')
  const hostname = name.kind === 'text' ? name.text.trim() : 'this host'
  const owner = { uid: 0, gid: 0 }
  await system.writeAtomic(RESCUE_SCRIPT, encoder.encode(rescueScript(open)), { ...owner, mode: 0o755 })
  await system.writeAtomic(RECOVERY_SHEET, encoder.encode(recoverySheet(open, hostname)), { ...owner, mode: 0o644 })
}
