import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { runTool, writeWatched } from './exec.ts'

describe('runTool', () => {
  it('gives the exit code as data and streams both outputs by line', async () => {
    const lines: string[] = []
    const result = await runTool('tee', ['/nonexistent/file'], {
      timeoutMs: 10_000,
      input: 'one\ntwo\n',
      onLine: (line) => lines.push(line),
    })
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toBe('one\ntwo\n')
    expect(result.stderr).toContain('/nonexistent/file')
    expect(lines).toContain('one')
    expect(lines.some((line) => line.includes('/nonexistent/file'))).toBe(true)
  })

  it('names a tool that is not installed', async () => {
    await expect(runTool('grub2-mkconfig', [], { timeoutMs: 1000 })).rejects.toMatchObject({
      problem: { code: 'tool-missing' },
    })
  })
})

describe('writeWatched', () => {
  it('writes the value', async () => {
    const path = join(await temporaryDirectory('exec'), 'attribute')
    await writeFile(path, '')
    await writeWatched(path, 'vfio-pci', 5000)
    expect(await readFile(path, 'utf8')).toBe('vfio-pci')
  })

  it('passes on why the kernel refused', async () => {
    await expect(writeWatched('/proc/version', 'x', 5000)).rejects.toMatchObject({ problem: { code: 'tool-failed' } })
  })

  it('gives up waiting for a write that never ends, and says that a reboot is needed', async () => {
    // Opening a FIFO for writing blocks until somebody reads, as a stuck driver would.
    const { execa } = await import('execa')
    const path = join(await temporaryDirectory('exec'), 'fifo')
    await execa('mkfifo', [path])
    await expect(writeWatched(path, 'x', 200)).rejects.toMatchObject({ problem: { code: 'reboot-needed' } })
    await readFile(path, 'utf8')
  })
})
