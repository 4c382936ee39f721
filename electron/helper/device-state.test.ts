import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFifo } from '#host/fifo.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { ProblemError } from '#shared/base/problem.ts'
import { assertNotHeld, assertNotNeeded, assertNotStuck, overrideOf, writeForDevice } from './device-state.ts'
import { overrideDriver } from './drivers/override-driver.ts'
import { beforeValues } from './handler.ts'
import { Backups } from './journal/backups.ts'
import { RealSystem } from './real-system.ts'

const GPU = '0000:04:00.0'
const NOTE = `/run/passthrough-studio/stuck-${GPU}`

/** The real system below a directory of its own, whose kernel hangs; host/exec/watched.test.ts shows the hang itself. */
class Stuck extends RealSystem {
  writes = 0

  override writeAttribute(path: string): Promise<void> {
    this.writes += 1
    return Promise.reject(
      new ProblemError('reboot-needed', `The kernel did not finish writing ${path}.`, { hint: 'Reboot.' }),
    )
  }
}

describe('a write on which the kernel hangs', () => {
  it('fails as reboot-needed, is noted, and is not tried again before the next boot', async () => {
    const root = await temporaryDirectory('stuck')
    await mkdir(join(root, 'run/passthrough-studio'), { recursive: true })
    const system = new Stuck(root)
    const reboot = { problem: { code: 'reboot-needed' } }
    await expect(writeForDevice(system, GPU, '/unbind', GPU)).rejects.toMatchObject(reboot)
    expect(await readFile(join(root, NOTE), 'utf8')).toBe('/unbind\n')
    await expect(writeForDevice(system, GPU, '/unbind', GPU)).rejects.toMatchObject(reboot)
    expect(system.writes).toBe(1)
  })

  it('does not affect other functions, and is not a refusal of the kernel', async () => {
    const root = await temporaryDirectory('stuck')
    await mkdir(join(root, 'run/passthrough-studio'), { recursive: true })
    const system = new RealSystem(root)
    await writeFile(join(root, NOTE), '/unbind\n')
    await expect(assertNotStuck(system, GPU)).rejects.toMatchObject({ problem: { code: 'reboot-needed' } })
    await expect(writeForDevice(system, '0000:05:00.0', '/absent/file', 'x')).rejects.toMatchObject({
      problem: { code: 'tool-failed' },
    })
    await assertNotStuck(system, '0000:05:00.0')
  })
})

describe('A function on which the kernel hangs', () => {
  /** A FIFO that nobody writes to stands in for an attribute whose lock is held for good. */
  async function hanging(): Promise<{ system: RealSystem; path: string }> {
    const root = await temporaryDirectory('stuck')
    const path = join(root, 'sys/bus/pci/devices', GPU, 'driver_override')
    for (const place of [dirname(path), join(root, 'run/passthrough-studio')]) await mkdir(place, { recursive: true })
    await makeFifo(path)
    await writeFile(join(dirname(path), 'vendor'), '0x10de\n')
    await writeFile(join(root, NOTE), '/unbind\n')
    return { system: new RealSystem(root), path }
  }

  it('is not asked for its override when that is taken back; only a reboot helps', async () => {
    const { system } = await hanging()
    const change = {
      kind: 'override-driver' as const,
      address: GPU,
      override: 'vfio-pci' as const,
      expected: { override: null, vendorId: '10de', deviceId: '13f1' },
    }
    const before = beforeValues({ override: null })
    const at = {
      tx: 't',
      index: 0,
      step: 'bind' as const,
      at: '',
      boot: '',
      after: null,
      reverted: null,
      confirmed: null,
      contents: null,
      failed: null,
    }
    const work = { system, backups: new Backups(system), log: () => undefined, caller: 0, tx: 't' }
    await expect(overrideDriver.revert(work, change, { ...at, change, before })).rejects.toMatchObject({
      problem: { code: 'reboot-needed' },
    })
  })

  it('is noted where reading it is what hangs', async () => {
    const { system, path } = await hanging()
    await rm(join(path, '../../../../../..', NOTE))
    await expect(overrideOf(system, GPU)).rejects.toMatchObject({ problem: { code: 'reboot-needed' } })
    await expect(assertNotStuck(system, GPU)).rejects.toMatchObject({ problem: { code: 'reboot-needed' } })
    await writeFile(path, '')
  })
})

describe('the helper refuses by itself', () => {
  const machine = (
    files: Record<string, string>,
    dirs: Record<string, string[]> = {},
    links: Record<string, string> = {},
  ) =>
    simulated({
      ...PAPER_WORKSTATION,
      files: { ...PAPER_WORKSTATION.files, ...files },
      dirs: { ...PAPER_WORKSTATION.dirs, ...dirs },
      links: { ...PAPER_WORKSTATION.links, ...links },
    })

  it('a card whose node a process has open, by name and user', async () => {
    const host = machine(
      { '/proc/912/comm': 'Xorg\n', '/proc/912/status': 'Uid:\t1000\t1000\t1000\t1000\n' },
      { '/proc': ['1', '912', 'cmdline', 'cpuinfo', 'self'], '/proc/912/fd': ['7'] },
      { '/proc/912/fd/7': '/dev/dri/card0' },
    )
    await expect(assertNotHeld(host, GPU)).rejects.toMatchObject({
      problem: { code: 'in-use', message: '04:00.0 is in use by Xorg (pid 912, user designer).' },
    })
  })

  it('a storage controller that may be needed, although nothing proves it', async () => {
    const host = machine({ '/proc/self/mounts': 'tank / zfs rw 0 0\n' })
    await expect(assertNotNeeded(host, '0000:00:1f.2')).rejects.toMatchObject({
      problem: { code: 'refused', message: expect.stringContaining('the ZFS pool tank cannot be told') as string },
    })
    await assertNotNeeded(host, GPU)
  })
})
