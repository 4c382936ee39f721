import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { kill } from 'node:process'
import { expect, test } from 'vitest'
import { childCommand } from '../child.fixture.ts'
import { isAlive, untilGone } from './alive.fixture.ts'
import { runTool } from './run-tool.ts'

/** setpriv executes what it is given, so any script stands in for a tool of the distribution. */
const script = (text: string) => ['--', '/bin/sh', '-c', text]
const AMPLE_MS = 120_000

test('the limit of a tool holds for all that it starts, also what ignores SIGTERM', async () => {
  const lines: string[] = []
  const hook = `sh -c 'trap "" TERM; echo $$; exec sleep 1000' & wait`
  const running = runTool('setpriv', script(hook), { timeoutMs: 500, onLine: (line) => lines.push(line) })
  await expect(running).rejects.toMatchObject({
    problem: { code: 'tool-failed', message: expect.stringContaining('took longer than 0.5 s') as string },
  })
  await untilGone(Number(lines[0]))
})

test('a tool that ends and leaves a daemon holding its output has ended', async () => {
  const { stdout } = await runTool('setpriv', script('sleep 1000 & echo $!'), { timeoutMs: AMPLE_MS })
  expect(isAlive(Number(stdout))).toBe(true)
  kill(Number(stdout))
})

test('all that a tool wrote before it ended is read, whoever holds its output then', async () => {
  const text = 'sleep 1000 & echo $!; head -c 3000000 /dev/zero | tr "\\0" x; echo; echo the end'
  const { stdout } = await runTool('setpriv', script(text), { timeoutMs: AMPLE_MS })
  expect(stdout.endsWith('x\nthe end\n')).toBe(true)
  expect(stdout.length).toBeGreaterThan(3_000_000)
  kill(Number(stdout.split('\n')[0]))
})

test('a text that is too long to be read is refused, never handed on in part', async () => {
  for (const text of ['head -c 20000000 /dev/zero', 'yes'])
    await expect(runTool('setpriv', script(text), { timeoutMs: AMPLE_MS })).rejects.toMatchObject({
      problem: { code: 'tool-failed', message: 'setpriv did not finish: it printed more than is read.' },
    })
})

test('of a log of any length each line is told and both ends are kept', async () => {
  let told = 0
  const text = 'echo first; yes "$(printf %01000d 0)" | head -n 70000; echo last; echo why >&2'
  const { stdout, stderr } = await runTool('setpriv', script(text), { timeoutMs: AMPLE_MS, onLine: () => (told += 1) })
  expect(told).toBe(70_003)
  expect(stdout.length).toBeLessThan(100_000)
  expect(stdout).toMatch(/^first\n0+\n[^]*\n\[\d+ bytes are left out here\]\n[^]*\nlast\n$/u)
  expect(stderr).toBe('why\n')
})

test('a line that does not end is told by its beginning', async () => {
  const lines: string[] = []
  const text = 'head -c 5000000 /dev/zero | tr "\\0" x; echo; echo next; printf unended'
  await runTool('setpriv', script(text), { timeoutMs: AMPLE_MS, onLine: (line) => lines.push(line) })
  expect(lines).toEqual([`${'x'.repeat(4096)} …`, 'next', 'unended'])
})

test.each(['SIGTERM', 'SIGINT'] as const)('what a program runs ends with it when it is ended by %s', async (signal) => {
  const [command, ...args] = childCommand('electron/host/exec/run-tool.child.fixture.ts', [])
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [piece] = (await once(child.stdout, 'data')) as [Buffer]
  const ended = once(child, 'exit')
  child.kill(signal)
  expect(await ended).toEqual([null, signal])
  await untilGone(Number(String(piece)))
})
