import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { errorLines, exitReason, parseEnding } from './exit-reason.ts'

/** Exit code a shell has for a program that sends itself this signal. */
async function codeOf(signal: string): Promise<number> {
  const child = execFile('/bin/sh', ['-c', `sh -c 'kill -${signal} $$' || exit $?`])
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? -1)))
}

describe('the end of a VM', () => {
  it.each([
    ['SYS', 'sandbox'],
    ['ABRT', 'assertion'],
    ['KILL', 'Somebody on the host killed'],
    ['SEGV', 'memory fault'],
  ])('by SIG%s is named', async (signal, words) => {
    expect(exitReason({ code: await codeOf(signal), outOfMemory: false }, '')).toContain(words)
  })

  it('is no failure when the guest shut down', () => {
    expect(exitReason({ code: 0, outOfMemory: false }, 'swtpm: Data client disconnected\n')).toBeNull()
  })

  it('names who ended it on the host', () => {
    const log = 'qemu-system-x86_64: terminating on signal 15 from pid 42 (systemd)\n'
    expect(exitReason({ code: 0, outOfMemory: false }, log)).toBe(
      'The host ended QEMU: signal 15 from systemd (pid 42).',
    )
  })

  it('quotes QEMU’s refusal to start, past its warnings', () => {
    const log = 'qemu: warning: TCG does not support it\nqemu: vfio 0000:04:00.0: group 20 is not viable\n'
    expect(exitReason({ code: 1, outOfMemory: false }, log)).toContain(
      'exit code 1: qemu: vfio 0000:04:00.0: group 20 is not viable',
    )
    expect(errorLines(log)).toHaveLength(1)
  })

  it('distinguishes the kernel’s kill for lack of memory from another’s', () => {
    const ending = parseEnding('137 oom\n')
    expect(ending).toEqual({ code: 137, outOfMemory: true })
    expect(ending === null ? null : exitReason(ending, '')).toContain('for lack of memory')
  })

  it('is unknown when the script that notes it was killed too', () => {
    expect(parseEnding('')).toBeNull()
    expect(exitReason({ code: null, outOfMemory: false }, '')).toContain('the reason was not noted')
  })
})
