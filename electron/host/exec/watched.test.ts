import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { writeWatched } from './watched.ts'

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
    const path = join(await temporaryDirectory('exec'), 'fifo')
    await execa('mkfifo', [path])
    await expect(writeWatched(path, 'x', 200)).rejects.toMatchObject({ problem: { code: 'reboot-needed' } })
    await readFile(path, 'utf8')
  })
})
