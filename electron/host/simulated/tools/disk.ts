import { INITRAMFS_FILES } from '#shared/base/own-files.ts'

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

/** Returns what a generator puts into an initramfs of files of ours; an image stands for the files it was made of. */
export function initramfsInputs(disk: Disk, generator: keyof typeof INITRAMFS_FILES): string {
  const { boot, bind } = INITRAMFS_FILES[generator]
  return [...boot, ...bind]
    .filter((path) => disk.read(path) !== disk.recorded(path))
    .map((path) => disk.read(path) ?? '')
    .join('\n')
}
