/** Exit codes of a shell whose program was ended by a signal: 128 + its number (POSIX shell, signal(7)). */
const SIGNALS: Readonly<Record<number, string>> = {
  134: 'QEMU ended itself on an assertion; its last words name the place.',
  137: 'QEMU was killed, most often by the kernel for lack of memory; the kernel log (dmesg) tells.',
  139: 'QEMU crashed with a memory fault.',
  159: 'QEMU’s sandbox ended it: it made a system call it must not make.',
}

/**
 * Why a VM is no longer there, from QEMU's exit code and its log. Null: as it should be, i.e. the guest shut down or
 * QEMU was told to quit. QEMU answers SIGTERM with exit code 0 and a line in its log.
 */
export function exitReason(code: number, log: string): string | null {
  const signal = /terminating on signal (\d+) from pid (\d+)(?: \(([^)]*)\))?/u.exec(log)
  if (signal !== null) {
    const [, number = '', pid = '', name = 'a program'] = signal
    return `The host ended QEMU: signal ${number} from ${name} (pid ${pid}).`
  }
  if (code === 0) return null
  const first = errorLines(log)[0] ?? ''
  return SIGNALS[code] ?? `QEMU ended with exit code ${code}${first === '' ? '.' : `: ${first}`}`
}

/** What QEMU wrote on its error stream; it writes nothing there when all is well. Warnings and swtpm's good-bye do not count. */
export function errorLines(log: string): string[] {
  return log
    .split('\n')
    .filter(
      (line) => line.trim() !== '' && !/\bwarning:/u.test(line) && !/^swtpm: Data client disconnected/u.test(line),
    )
}
