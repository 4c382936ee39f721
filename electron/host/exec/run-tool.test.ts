import { describe, expect, it } from 'vitest'
import { runTool } from './run-tool.ts'

describe('runTool', () => {
  it('streams both outputs by line, and gives an exit code that is expected as data', async () => {
    const lines: string[] = []
    const result = await runTool('tee', ['/nonexistent/file'], {
      timeoutMs: 10_000,
      expect: [0, 1],
      input: 'one\ntwo\n',
      onLine: (line) => lines.push(line),
    })
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toBe('one\ntwo\n')
    expect(result.stderr).toContain('/nonexistent/file')
    expect(lines).toContain('one')
    expect(lines.some((line) => line.includes('/nonexistent/file'))).toBe(true)
  })

  it('throws for any other exit code, with the tool’s last line, the code and what to do', async () => {
    const options = { timeoutMs: 10_000, input: 'one\n', hint: 'Look for the directory.' }
    await expect(runTool('tee', ['/nonexistent/file'], options)).rejects.toMatchObject({
      problem: {
        code: 'tool-failed',
        message: 'tee failed with exit code 1: /usr/bin/tee: /nonexistent/file: No such file or directory',
        detail: expect.stringMatching(/^one\n/u) as string,
        hint: 'Look for the directory.',
      },
    })
  })

  it('names a tool that is not installed', async () => {
    await expect(runTool('grub2-mkconfig', [], { timeoutMs: 1000 })).rejects.toMatchObject({
      problem: { code: 'tool-missing' },
    })
  })
})
