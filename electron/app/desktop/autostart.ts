import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { xdgHome } from '#host/xdg.ts'

/** What a package puts on the PATH. */
export const INSTALLED_LAUNCHER = '/usr/bin/passthrough-studio'

/** $XDG_CONFIG_HOME/autostart (desktop application autostart specification). */
function entryPath(): string {
  return join(xdgHome('config'), 'autostart/passthrough-studio.desktop')
}

/**
 * Returns a word of an Exec line (desktop entry specification): quoted, with the four reserved characters escaped, a
 * per cent sign doubled, and each backslash doubled once more, as in every value of such a file.
 */
export function execWord(word: string): string {
  const quoted = `"${word.replace(/(["`$\\])/gu, '\\$1')}"`
  return quoted.replaceAll('%', '%%').replaceAll('\\', '\\\\')
}

/** Writes the autostart entry while a reboot is due, so that the app opens at the next login; removes it otherwise. */
export async function syncAutostart(rebootPending: boolean, command: readonly string[]): Promise<void> {
  const path = entryPath()
  if (!rebootPending) {
    await rm(path, { force: true })
    return
  }
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Passthrough Studio',
    'Comment=Goes on where the reboot interrupted',
    'Icon=passthrough-studio',
    `Exec=${command.map(execWord).join(' ')}`,
    // A program that was removed meanwhile is not started.
    `TryExec=${(command[0] ?? '').replaceAll('\\', '\\\\')}`,
    '',
  ]
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, lines.join('\n'))
}
