import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FileReader } from '#host/file-reader.ts'
import { findMounts } from '#host/probe/mounts.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import type { SimulatedHost } from '#host/simulated/simulated.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { ReadResult } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { assertDevicesSpare } from '../changes/grant-node-access.ts'
import { assertNotNeeded } from '../device-state.ts'
import { RealSystem } from '../real-system.ts'
import { assertDiskFree } from './disk-use.ts'

const run = promisify(execFile)
const canLoop = getuid?.() === 0 && existsSync('/dev/loop-control')
/** This host. Of a container the first process may be closed to root; nobody opens a disk there. */
class Here extends RealSystem {
  override async read(path: string): Promise<ReadResult> {
    const result = await super.read(path)
    return path === '/proc/1/maps' && result.kind === 'denied' ? { kind: 'text', text: '' } : result
  }
}
const here = new Here('/')

/** A disk of this host that nothing is on: a file behind a loop device. */
async function spareDisk(): Promise<{ node: string; directory: string }> {
  const directory = await temporaryDirectory('disk-use')
  const image = join(directory, 'image')
  await writeFile(image, '')
  await truncate(image, 16_777_216)
  await run('mke2fs', ['-q', '-t', 'ext2', image])
  const { stdout } = await run('losetup', ['--find', '--show', image])
  const node = stdout.trim()
  onTestFinished(async () => {
    await run('losetup', ['--detach', node])
  })
  return { node, directory }
}

/** Starts a shell that says `ready` and then waits. Gives its process id; it ends with the test. */
async function holding(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.stdin.end()
    await ended
  })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('close', () => reject(new Error('it ended too early')))
  })
  return child.pid ?? 0
}

describe.skipIf(!canLoop)('a disk of this host', () => {
  it('is given away while nothing uses it', async () => {
    const { node } = await spareDisk()
    await assertDiskFree(here, node)
    expect(await here.exclusive(node)).toEqual({ kind: 'free' })
  })

  it('is refused while it is mounted in another mount namespace', async () => {
    const { node, directory } = await spareDisk()
    const script = 'mkdir "$2/m" && mount -t ext2 "$1" "$2/m" && echo ready && read line'
    const pid = await holding('unshare', ['--mount', 'sh', '-c', script, 'sh', node, directory])
    expect(
      (await here.read('/proc/self/mounts')).kind === 'text' && (await run('cat', ['/proc/self/mounts'])).stdout,
    ).not.toContain(node)
    expect(await here.exclusive(node)).toEqual({ kind: 'in-use' })
    await expect(assertDiskFree(here, node)).rejects.toMatchObject({
      problem: { code: 'in-use', message: `${node} is not given away: the kernel itself uses ${node}.` },
    })
    const mounts = await findMounts(new FileReader('/'))
    if (isUnknown(mounts)) throw new Error(mounts.unknown)
    expect(mounts.uses.map(({ source }) => source)).not.toContain(node)
    expect(mounts.elsewhere).toContainEqual(
      expect.objectContaining({
        source: node,
        what: `${directory}/m is mounted from it in the mount namespace of process ${pid}`,
      }),
    )
  })

  it('is refused while a process has it open, and names the process', async () => {
    const { node } = await spareDisk()
    const pid = await holding('sh', ['-c', 'exec 7<"$1" && echo ready && read line', 'sh', node])
    await expect(assertDiskFree(here, node)).rejects.toMatchObject({
      problem: { code: 'in-use', message: expect.stringContaining(`(pid ${pid}, user root)`) as string },
    })
  })

  it('is refused where its node is a file', async () => {
    const { directory } = await spareDisk()
    expect(await here.exclusive(join(directory, 'image'))).toMatchObject({ kind: 'denied' })
  })
})

const SATA = '0000:00:1f.2'
const SPARE = '/dev/disk/by-id/ata-WDC_WD10EZEX-08WN4A0'

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

  it('a VM’s start while another hypervisor has its disk open', async () => {
    const host = workstation({ links: { '/proc/4711/fd/9': '/dev/sdb' } })
    const disk = { kind: 'device', path: SPARE } as const
    await expect(assertDevicesSpare(host, { disk, usbDevices: [] })).rejects.toMatchObject({
      problem: { code: 'in-use', message: expect.stringContaining('/dev/sdb is open in qemu-system-x86') as string },
    })
    await assertDevicesSpare(host, { disk: null, usbDevices: [] })
    await assertDevicesSpare(workstation({}), { disk, usbDevices: [] })
  })

  it('a VM’s start while the USB stick it takes is mounted in a container', async () => {
    const stick = { port: '1-1.3', vendorId: '0781', productId: '5581' }
    const host = workstation({
      files: {
        '/proc/4711/mountinfo': '61 60 8:33 / /media/stick rw - vfat /dev/sdc1 rw\n',
        '/sys/bus/usb/devices/1-1.3/idVendor': '0781\n',
        '/sys/bus/usb/devices/1-1.3/idProduct': '5581\n',
      },
      links: {
        '/proc/4711/ns/mnt': 'mnt:[2]',
        '/sys/bus/usb/devices/1-1.3': '../../../devices/pci0000:00/0000:00:1a.0/usb1/1-1/1-1.3',
        '/sys/dev/block/8:33': '../../block/sdc/sdc1',
        '/sys/class/block/sdc1': '../../devices/pci0000:00/0000:00:1a.0/usb1/1-1/1-1.3/1-1.3:1.0/block/sdc/sdc1',
      },
      ports: ['1-1.3'],
    })
    await expect(assertDevicesSpare(host, { disk: null, usbDevices: [stick] })).rejects.toMatchObject({
      problem: { code: 'refused', message: expect.stringContaining('/media/stick is mounted from it') as string },
    })
  })
})
