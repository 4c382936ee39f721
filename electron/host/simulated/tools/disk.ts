import { OWN_FILES } from '#shared/base/own-files.ts'

/** The simulated host's files as its tools see them. `recorded` is what they were at first. */
export interface Disk {
  read(path: string): string | null
  write(path: string, text: string): void
  remove(path: string): void
  recorded(path: string): string | null
  paths(): string[]
}

/** Paths of existing files that fit a pattern, sorted. */
export function existing(disk: Disk, pattern: RegExp): string[] {
  return disk
    .paths()
    .filter((path) => pattern.test(path) && disk.read(path) !== null)
    .sort()
}

/** Returns what goes into an initramfs of files of ours; an image stands for the files it was made of. */
export function initramfsInputs(disk: Disk): string {
  const sources = Object.values(OWN_FILES).filter((path) =>
    /^\/(etc|usr\/lib)\/(initramfs-tools|dracut|mkinitcpio|initcpio|passthrough-studio)/u.test(path),
  )
  return sources
    .filter((path) => disk.read(path) !== disk.recorded(path))
    .map((path) => disk.read(path) ?? '')
    .join('\n')
}
