import { DATA_DIRECTORY } from '#shared/base/own-files.ts'
import { changeText } from '#shared/plan/change.ts'
import type { JournalEntry } from '#shared/plan/journal.ts'
import { stepNumber } from '#shared/wizard/step-id.ts'

/**
 * What a person needs when the host does not come back: plain text to print or to photograph before the first
 * reboot. `open` are the changes in force, oldest first.
 */
export function recoverySheet(open: readonly JournalEntry[], hostname: string): string {
  return `RECOVERY SHEET for ${hostname}
Passthrough Studio. Print or photograph this page before you reboot.

What was changed
${open.map(line).join('\n')}

If the host starts, but without a picture
  1. Log in over SSH, or on a text console (Ctrl-Alt-F3).
  2. Run    passthrough-studio undo --all
     or     sudo sh ${DATA_DIRECTORY}/rescue.sh
  3. Reboot.

If the host does not start
  1. Switch it off and on. Keep Esc (GRUB, UEFI), Shift (GRUB, BIOS) or the space bar (systemd-boot) pressed
     until the boot menu shows.
  2. Choose the entry with "rescue" and "Passthrough Studio" in its name, if there is one. Otherwise press "e" on
     the first entry, add    passthrough_studio=off    at the end of the line that starts with linux or options,
     and press Ctrl-X or Enter. The card then stays with the host for this one boot.
  3. Log in and do as above.

If nothing of that helps
  1. Start any Linux from a USB stick.
  2. Mount the root filesystem of this host at /mnt, and its /boot and EFI partitions below it.
  3. Run    sudo sh /mnt${DATA_DIRECTORY}/rescue.sh /mnt
  4. Reboot without the stick.

The script puts ${count(open)} back from copies in ${DATA_DIRECTORY}/backups.
It needs no network and no app, and keeps the files it replaces.
`
}

function line({ step, change, failed }: JournalEntry): string {
  const why = failed === null ? '' : `\n    Could not be taken back on ${failed.at.slice(0, 10)}: ${failed.why}`
  return `  - step ${stepNumber(step)}: ${changeText(change)}${why}`
}

function count(open: readonly JournalEntry[]): string {
  const paths = new Set(open.flatMap((entry) => entry.before.files.map((file) => file.path)))
  return paths.size === 1 ? '1 file' : `${paths.size} files`
}
