import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { runChild } from '../child.fixture.ts'
import { readWatched, writeWatched } from './watched.ts'

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

  it('does not keep its own program alive after it gave up', async () => {
    const path = join(await temporaryDirectory(), 'fifo')
    await execa('mkfifo', [path])
    expect(await runChild('electron/host/exec/watched.child.fixture.ts', [path])).toBe('reboot-needed')
    expect(await readFile(path, 'utf8')).toBe('x')
  })
})

describe('readWatched', () => {
  it('reads the value, and null where there is none', async () => {
    const path = join(await temporaryDirectory(), 'attribute')
    expect(await readWatched(path, 5000)).toBeNull()
    await writeFile(path, 'vfio-pci\n')
    expect(await readWatched(path, 5000)).toBe('vfio-pci\n')
  })

  it('gives up waiting for a read that never ends, and says that a reboot is needed', async () => {
    const path = join(await temporaryDirectory(), 'fifo')
    await execa('mkfifo', [path])
    await expect(readWatched(path, 200)).rejects.toMatchObject({ problem: { code: 'reboot-needed' } })
    await writeFile(path, '')
  })
})
