import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { errorLines, exitReason } from './exit-reason.ts'

/** Exit code a shell has for a program that sends itself this signal. */
async function codeOf(signal: string): Promise<number> {
  const child = execFile('/bin/sh', ['-c', `sh -c 'kill -${signal} $$' || exit $?`])
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? -1)))
}

describe('the end of a VM', () => {
  it.each([
    ['SYS', 'sandbox'],
    ['ABRT', 'assertion'],
    ['KILL', 'lack of memory'],
    ['SEGV', 'memory fault'],
  ])('by SIG%s is told', async (signal, words) => {
    expect(exitReason(await codeOf(signal), '')).toContain(words)
  })

  it('is no failure when the guest shut down', () => {
    expect(exitReason(0, 'swtpm: Data client disconnected\n')).toBeNull()
  })

  it('names who ended it on the host', () => {
    const log = 'qemu-system-x86_64: terminating on signal 15 from pid 42 (systemd)\n'
    expect(exitReason(0, log)).toBe('The host ended QEMU: signal 15 from systemd (pid 42).')
  })

  it('quotes QEMU when it refused to start, past its warnings', () => {
    const log = 'qemu: warning: TCG does not support it\nqemu: vfio 0000:04:00.0: group 20 is not viable\n'
    expect(exitReason(1, log)).toContain('exit code 1: qemu: vfio 0000:04:00.0: group 20 is not viable')
    expect(errorLines(log)).toHaveLength(1)
  })
})
