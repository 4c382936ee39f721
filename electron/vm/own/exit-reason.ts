/** Exit codes of a shell whose program was ended by a signal: 128 + its number (POSIX shell, signal(7)). */
const SIGNALS: Readonly<Record<number, string>> = {
  134: 'QEMU ended itself on an assertion; its last words name the place.',
  137: 'Somebody on the host killed QEMU (SIGKILL). The guest’s last writes may be lost.',
  139: 'QEMU crashed with a memory fault.',
  159: 'QEMU’s sandbox ended it: it made a system call it must not make.',
}
const OUT_OF_MEMORY =
  'The kernel killed QEMU for lack of memory (dmesg names it). Give the VM less memory, or close what else needs it.'
const NO_ERROR = [
  /\bwarning:/u,
  /^swtpm: Data client disconnected/u,
  /^(?:Killed|Terminated|Aborted|Segmentation fault|Bus error)(?: \(core dumped\))?$/u,
]
const UNNOTED = 'QEMU and its start script were both ended on the host, so the reason was not noted.'

/** How QEMU ended, as its start script noted it. `code` null: the script itself was ended before it could. */
export interface Ending {
  code: number | null
  /** The kernel killed for lack of memory while QEMU ran (oom_kill in /proc/vmstat, or systemd's result oom-kill). */
  outOfMemory: boolean
}

/** `137 oom` as start-vm.sh writes it; anything else is no note. */
export function parseEnding(text: string): Ending | null {
  const [, code, oom] = /^(\d+)( oom)?\n$/u.exec(text) ?? []
  return code === undefined ? null : { code: Number(code), outOfMemory: oom !== undefined }
}

/**
 * Returns why a VM is no longer there. Null: as it should be, i.e. the guest shut down or QEMU was told to quit. QEMU
 * answers SIGTERM with exit code 0 and a line in its log.
 */
export function exitReason({ code, outOfMemory }: Ending, log: string): string | null {
  const signal = signalOf(log)
  if (signal !== null) return signal
  if (code === 0) return null
  if (outOfMemory) return OUT_OF_MEMORY
  if (code === null) return UNNOTED
  return SIGNALS[code] ?? refusal(code, errorLines(log)[0])
}

function signalOf(log: string): string | null {
  const found = /terminating on signal (\d+) from pid (\d+)(?: \(([^)]*)\))?/u.exec(log)
  if (found === null) return null
  const [, number = '', pid = '', name = 'a program'] = found
  return `The host ended QEMU: signal ${number} from ${name} (pid ${pid}).`
}

function refusal(code: number, first: string | undefined): string {
  return `QEMU ended with exit code ${code}${first === undefined ? '.' : `: ${first}`}`
}

/**
 * Returns what QEMU wrote on its error stream; it writes nothing there when all is well. Warnings, swtpm's good-bye and
 * what a shell says of a program that a signal ended do not count.
 */
export function errorLines(log: string): string[] {
  return log.split('\n').filter((line) => line.trim() !== '' && !NO_ERROR.some((known) => known.test(line)))
}
