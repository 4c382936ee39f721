import { describe, expect, it } from 'vitest'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { assertNotNeeded } from '../device-state.ts'

const SATA = '0000:00:1f.2'

/** The paper's workstation with a disk of a controller in the hands of process 4711. */
function workstation(process: {
  files?: Record<string, string>
  links?: Record<string, string>
  ports?: string[]
}): SimulatedHost {
  const fds = Object.keys(process.links ?? {}).flatMap((path) => /^\/proc\/4711\/fd\/(\d+)$/u.exec(path)?.[1] ?? [])
  const usb = process.ports === undefined ? {} : { '/sys/bus/usb/devices': process.ports }
  return simulated({
    ...PAPER_WORKSTATION,
    files: {
      ...PAPER_WORKSTATION.files,
      '/proc/self/mounts': 'proc /proc proc rw 0 0\n',
      '/proc/4711/comm': 'qemu-system-x86\n',
      ...process.files,
    },
    dirs: { ...PAPER_WORKSTATION.dirs, '/proc': ['1', '4711', 'cpuinfo', 'self'], '/proc/4711/fd': fds, ...usb },
    links: {
      ...PAPER_WORKSTATION.links,
      '/proc/self/ns/mnt': 'mnt:[1]',
      '/proc/1/ns/mnt': 'mnt:[1]',
      '/proc/4711/ns/mnt': 'mnt:[1]',
      ...process.links,
    },
  })
}

describe('the helper refuses on a host with nothing mounted', () => {
  it('a controller whose disk is mounted in the namespace of a container', async () => {
    const host = workstation({
      files: { '/proc/4711/mountinfo': '61 60 8:16 / /var/data rw - ext4 /dev/other rw\n' },
      links: { '/proc/4711/ns/mnt': 'mnt:[2]', '/sys/dev/block/8:16': '../../block/sdb' },
    })
    await expect(assertNotNeeded(host, SATA)).rejects.toMatchObject({
      problem: {
        code: 'refused',
        message: expect.stringContaining(
          '/var/data is mounted from it in the mount namespace of process 4711',
        ) as string,
      },
    })
    await assertNotNeeded(workstation({}), SATA)
  })

  it('a controller whose disk a process has open', async () => {
    const host = workstation({ links: { '/proc/4711/fd/9': '/dev/sda1' } })
    await expect(assertNotNeeded(host, SATA)).rejects.toMatchObject({
      problem: { code: 'in-use', message: expect.stringContaining('/dev/sda1 is open in qemu-system-x86') as string },
    })
  })
})
