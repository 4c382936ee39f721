import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import { FakeHost, NOTE, OWN } from './fake-host.ts'
import { GPU, SOUND } from './vm.fixture.ts'

const host = async (more: Partial<VmDefinition>) => FakeHost.make(await temporaryDirectory('vm'), ['dash'], more)
const ALL_WELL = { exitCode: 0, said: '' }
const TAP = { kind: 'tap', tap: 'tap-vm', vhost: false, bridge: 'br0' } as const
const WHOLE: Partial<VmDefinition> = {
  atStart: undefined,
  functions: [GPU],
  network: TAP,
  moreNics: [
    { number: 2, model: 'virtio', network: { kind: 'user', mac: '52:54:00:00:00:02' } },
    {
      number: 3,
      model: 'e1000e',
      network: { ...TAP, tap: 'tap3-vm', bridge: 'br1', mac: '52:54:00:00:00:03', queues: 4 },
    },
  ],
  ...{ hugePages: true, memoryMiB: 64, setApart: true, pinning: { vcpus: [1], emulator: [0, 7] } },
  disk: { kind: 'device', path: '/dev/disk/by-id/ata-spare' },
  moreDisks: [{ number: 3, bus: 'sata', disk: { kind: 'device', path: '/dev/disk/by-id/ata-more' } }],
  usbDevices: [{ port: '1-2', vendorId: '046d', productId: 'c31c' }],
}

/** What of the VM's is no card: a spare disk and a keyboard. */
async function furnished(more: Partial<VmDefinition> = WHOLE): Promise<FakeHost> {
  const one = await host(more)
  await one.put('/dev/sdz', '0 660')
  await one.link('/dev/disk/by-id/ata-spare', '../../sdz')
  await one.put('/sys/class/block/sdz/dev', '8:400')
  await one.put('/sys/class/block/sdz/sdz1/dev', '8:401')
  await one.put('/dev/sdy', '0 660')
  await one.link('/dev/disk/by-id/ata-more', '../../sdy')
  await one.put('/sys/class/block/sdy/dev', '8:384')
  const usb = '/sys/bus/usb/devices/1-2'
  for (const [name, text] of Object.entries({ idVendor: '046d', idProduct: 'c31c', busnum: '1', devnum: '4' }))
    await one.put(`${usb}/${name}`, text)
  await one.put('/dev/bus/usb/001/004', '0 664')
  return one
}

describe('what else of the host a VM takes', () => {
  it('is prepared at its start and as before at its end', async () => {
    const one = await furnished()
    const before = await one.state()
    expect(await one.run('take')).toEqual(ALL_WELL)
    expect((await one.text(NOTE)).replaceAll(one.root, '').trim().split('\n')).toEqual([
      'tap tap-vm',
      'tap tap3-vm',
      'pages 16 16',
      'node /dev/bus/usb/001/004 0 664',
      'node /dev/sdz 0 660',
      'node /dev/sdy 0 660',
      'apart',
      'unit passthrough-studio-awake-designer.service',
    ])
    expect(await one.text('/dev/sdz')).toBe('1000 660\n')
    expect(await one.text('/dev/bus/usb/001/004')).toBe('1000 664\n')
    expect(await one.text('/sys/class/net/tap-vm/owner')).toBe('1000\n')
    expect(one.has('/sys/class/net/tap3-vm/master/bridge')).toBe(true)
    const flags = async (tap: string) => await one.text(`/sys/class/net/${tap}/tun_flags`)
    expect([await flags('tap-vm'), await flags('tap3-vm')]).toEqual(['0x5802\n', '0x5902\n'])
    expect(await one.text('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages')).toBe('32\n')
    expect(await one.text('/slices/system.slice')).toBe('0,7\n')
    expect(await one.run('end')).toEqual(ALL_WELL)
    expect(await one.state()).toEqual({ ...before, ...OWN, '/slices/init.scope': '\n', ...EMPTY_SLICES })
  })

  it('is as before wherever its preparation was killed', async () => {
    const whole = await furnished()
    await whole.run('take')
    const stages = await whole.ticks()
    expect(stages).toBeGreaterThan(15)
    for (let stage = 1; stage <= stages; stage += 1) {
      const one = await furnished()
      const before = await one.state()
      expect((await one.run('take', { KILL_AT: String(stage) })).exitCode, `stage ${stage}`).toBeNull()
      expect(await one.run('end'), `stage ${stage}`).toEqual(ALL_WELL)
      expect(withoutSlices(await one.state()), `stage ${stage}`).toEqual(withoutSlices({ ...before, ...OWN }))
    }
  }, 600_000)

  it('is not taken where the host uses the disk in any way', async () => {
    const refused = async (path: string, text: string, words: string) => {
      const one = await furnished()
      await one.put(path, text.replaceAll('ROOT', one.root))
      expect(await one.run('take')).toEqual({ exitCode: 1, said: `host.sh: ${words}\n` })
    }
    const disk = '/dev/disk/by-id/ata-spare'
    const mounted = `A mounted filesystem lies on ${disk}.`
    await refused('/proc/77/mountinfo', '90 1 8:401 / /mnt rw - ext4 /dev/other rw', mounted)
    await refused('/proc/77/mountinfo', '90 1 0:50 / /mnt rw - btrfs ROOT/dev/sdz1 rw', mounted)
    await refused('/proc/swaps', 'Filename Type\nROOT/dev/sdz1 partition', `Swap space lies on ${disk}.`)
    await refused('/sys/class/block/sdz/sdz1/holders/dm-3', '', `dm-3 of the host lies on ${disk}.`)
    await refused('/sys/fs/btrfs/1234/devices/sdz', '', `sdz of the host lies on ${disk}.`)
    const further = '/dev/disk/by-id/ata-more'
    await refused('/sys/class/block/sdy/holders/md0', '', `md0 of the host lies on ${further}.`)
  })

  it('is not taken where an image is missing that lies on a disk of its own', async () => {
    const place = { directory: '/var/data', mount: '/var/data' }
    const image = { kind: 'new' as const, format: 'raw' as const, sizeGiB: 9, place }
    const one = await host({
      ...WHOLE,
      disk: null,
      usbDevices: [],
      moreDisks: [{ number: 2, bus: 'sata', disk: image }],
    })
    const path = '/var/data/passthrough-studio/designer/disk2.raw'
    const words = `host.sh: ${path} is not there. Is its disk mounted at /var/data?\n`
    expect(await one.run('take')).toEqual({ exitCode: 1, said: words })
    expect(one.has(NOTE)).toBe(false)
    await one.put(path, '')
    expect(await one.run('take')).toEqual(ALL_WELL)
  })

  it('is not taken where its disk, its bridge or its keyboard is missing', async () => {
    const without = async (more: Partial<VmDefinition>, words: string) => {
      const one = await host({ ...WHOLE, moreDisks: [], usbDevices: [], ...more })
      expect(await one.run('take')).toEqual({ exitCode: 1, said: `host.sh: ${words}\n` })
      expect(one.has(NOTE)).toBe(false)
    }
    await without({}, '/dev/disk/by-id/ata-spare is not there.')
    await without(
      { disk: null, network: { ...TAP, bridge: 'br9' } },
      'There is no bridge br9. Steps 7 and 8 say what to do.',
    )
    const path = '/dev/input/by-id/usb-a-event-kbd'
    const gone = `${path} is not there. Plug it in, or leave it out in step 8.`
    await without({ disk: null, inputDevices: [{ path, kind: 'keyboard' }] }, gone)
  })

  it('is not taken where too few pages of 1 GiB were kept at boot; else they stay as they are', async () => {
    const pool = '/sys/kernel/mm/hugepages/hugepages-1048576kB'
    const kept = async (free: number) => {
      const one = await host({
        ...WHOLE,
        moreDisks: [],
        ...{ disk: null, usbDevices: [], memoryMiB: 2048, hugePageMiB: 1024 },
      })
      for (const [name, pages] of Object.entries({ nr: 4, free, resv: 1, surplus: 0, nr_overcommit: 0 }))
        await one.put(`${pool}/${name}_hugepages`, `${pages}`)
      return one
    }
    const few = await kept(2)
    const words = `The VM needs 2 huge pages of 1 GiB, and 1 are free. Add hugepagesz=1G hugepages=2 to the kernel's command line and reboot, or choose 2 MiB in step 8.`
    expect(await few.run('take')).toEqual({ exitCode: 1, said: `host.sh: ${words}\n` })
    const enough = await kept(3)
    expect(await enough.run('take')).toEqual(ALL_WELL)
    expect(await enough.text(NOTE)).not.toContain('pages')
  })

  it('is not started at boot any more after a start that failed, until one went well', async () => {
    const mark = '/var/lib/passthrough-studio/vms/designer/start-failed'
    const one = await furnished()
    const ended = async (result: string) => {
      expect(await one.run('end', { SERVICE_RESULT: result })).toEqual(ALL_WELL)
      return one.has(mark)
    }
    await one.run('take')
    expect(await ended('exit-code')).toBe(true)
    await one.run('take')
    expect(await ended('success')).toBe(false)
    // What fails after hours was no start.
    await one.run('take')
    const hours = new Date(Date.now() - 7_200_000)
    await utimes(join(one.root, NOTE), hours, hours)
    expect(await ended('signal')).toBe(false)
    // A person ends nothing that could be judged.
    await one.run('take')
    expect(await one.run('give-back')).toEqual(ALL_WELL)
    expect(one.has(mark)).toBe(false)
  })

  it('has to be on vfio-pci, and what it was, where the host was to keep it already', async () => {
    const held = [{ address: GPU, vendorId: '1234', deviceId: '1111', way: '0000:00:01.0/00.0' }]
    const one = await host({ atStart: undefined, held })
    expect((await one.run('take')).said).toBe(`host.sh: ${GPU} is not on vfio-pci. Apply step 5 again.\n`)
    await one.driveBy(GPU, 'vfio-pci')
    const mate = `${SOUND} shares the IOMMU group of ${GPU} and is on snd_hda_intel. Step 4 says more.`
    expect((await one.run('take')).said).toBe(`host.sh: ${mate}\n`)
    await one.driveBy(SOUND, 'vfio-pci')
    await one.put('/dev/vfio/6', '0 600')
    expect(await one.run('take')).toEqual(ALL_WELL)
    expect(await one.text('/dev/vfio/6')).toBe('1000 600\n')
    expect(await one.run('end')).toEqual(ALL_WELL)
    expect([await one.text('/dev/vfio/6'), await one.driverOf(GPU)]).toEqual(['0 600\n', 'vfio-pci'])
  })
})

const EMPTY_SLICES = { '/slices/system.slice': '\n', '/slices/user.slice': '\n' }

/** An empty set is written as a line of its own. */
function withoutSlices(state: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state).map(([path, text]) => [path, path.startsWith('/slices/') ? text.trim() : text]),
  )
}
