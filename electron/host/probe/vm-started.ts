import type { Reader } from '#shared/base/system.ts'
import type { VmPaths } from '#shared/vm/vm.ts'

/** What start-vm.sh noted when it began: its process id and the moment. */
export interface Started {
  pid: number
  /** Milliseconds since 1970. */
  at: number
}

/** Returns the note of a VM's start script; null: it never ran in this boot. */
export async function readStarted(reader: Reader, { started }: Pick<VmPaths, 'started'>): Promise<Started | null> {
  const note = await reader.read(started)
  const [, pid, seconds] = (note.kind === 'text' ? /^(\d+) (\d+)\n$/u.exec(note.text) : null) ?? []
  return pid === undefined ? null : { pid: Number(pid), at: Number(seconds) * 1000 }
}

/** Returns whether that very script still runs: process ids are given again, so its command line counts too. */
export async function scriptRuns(
  reader: Reader,
  { script }: Pick<VmPaths, 'script'>,
  { pid }: Started,
): Promise<boolean> {
  const words = await reader.read(`/proc/${pid}/cmdline`)
  return words.kind === 'text' && words.text.includes(script)
}
