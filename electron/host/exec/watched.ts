import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '#shared/base/problem.ts'
import { Kept } from './bounded.ts'
import { ENVIRONMENT, mustFindTool } from './tools.ts'

/** No attribute of the kernel is longer than a page (kernel, Documentation/filesystems/sysfs.rst). */
const PAGE = 4_096

/**
 * Writes a kernel attribute from a child process and gives up waiting after `limitMs`: a write that hangs in the
 * kernel cannot be killed, so the child is left behind and the caller told that only a reboot helps. Nothing of it
 * keeps this process alive.
 */
export async function writeWatched(path: string, value: string, limitMs: number): Promise<void> {
  const { child, said } = await watched('tee', path, value, limitMs, 'writing')
  if (child.exitCode === 0) return
  const words = said.text().trim() || `tee ended with ${child.exitCode ?? child.signalCode ?? 'no exit code'}`
  throw new ProblemError('tool-failed', `The kernel refused "${value.trim()}" for ${path}: ${words}`, {
    hint: 'The kernel log (journalctl -k) may say why.',
  })
}

/**
 * Reads an attribute that the kernel hands out only under the lock of its device, which an unbind that hangs holds. Null:
 * it is not there or may not be read. Throws `reboot-needed` after `limitMs`, as for a write.
 */
export async function readWatched(path: string, limitMs: number): Promise<string | null> {
  const { child, text } = await watched('cat', path, '', limitMs, 'reading')
  return child.exitCode === 0 ? text.text() : null
}

async function watched(tool: 'tee' | 'cat', path: string, input: string, limitMs: number, doing: string) {
  // A pipe for what tee copies would end it, were it broken, before it has written the attribute.
  const stdout = tool === 'tee' ? 'ignore' : 'pipe'
  const child = spawn(await mustFindTool(tool), [path], {
    env: ENVIRONMENT,
    detached: true,
    stdio: ['pipe', stdout, 'pipe'],
  })
  const [text, said] = [new Kept(PAGE, 0), new Kept(PAGE, 0)]
  child.stdout?.on('data', (piece: Buffer) => text.add(piece))
  child.stderr?.on('data', (piece: Buffer) => said.add(piece))
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  const ended = await Promise.race([once(child, 'close'), sleep(limitMs, null, { ref: false })])
  if (ended !== null) return { child, text, said }
  leave(child)
  throw new ProblemError('reboot-needed', `The kernel did not finish ${doing} ${path} within ${limitMs / 1000} s.`, {
    hint: 'The driver is stuck on this device. Nothing else was touched; reboot the host.',
  })
}

function leave(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy()
  child.unref()
}
