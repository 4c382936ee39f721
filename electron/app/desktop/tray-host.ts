import { runTool } from '#host/exec/run-tool.ts'
import { problemOf } from '#shared/base/problem.ts'
import type { TrayState } from '../views/snapshot.ts'

/** The bus name of whatever shows tray icons (StatusNotifierItem specification). */
const WATCHER = 'org.kde.StatusNotifierWatcher'
const LIMIT_MS = 5_000

/**
 * Returns whether this desktop has a place for a tray icon. Without one, Electron's tray would be invisible, silently.
 */
export async function trayHost(): Promise<TrayState> {
  try {
    const names = await runTool('busctl', ['--user', '--no-pager', '--no-legend', 'list'], {
      timeoutMs: LIMIT_MS,
      sessionBus: true,
    })
    if (names.stdout.includes(WATCHER)) return { available: true, text: 'The tray icon starts and stops the VM.' }
    return {
      available: false,
      text: 'This desktop shows no tray icons (no StatusNotifierWatcher on the session bus); closing the window quits the app. A running VM goes on.',
    }
  } catch (thrown) {
    return {
      available: false,
      text: `Whether this desktop shows tray icons cannot be found out: ${problemOf(thrown).message}`,
    }
  }
}
