import { describe, expect, it } from 'vitest'
import type { Reader } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import { findDisks } from './disks.ts'
import { findInput } from './input.ts'
import { findUsb } from './usb.ts'

interface Tree {
  files?: Record<string, string>
  dirs?: Record<string, string[]>
  links?: Record<string, string>
  /** Paths that may not be read. */
  denied?: string[]
}

const AHCI = '../../devices/pci0000:00/0000:00:17.0/ata1'
const PORT = '../../../devices/pci0000:00/0000:00:14.0/usb1/1-4'

/** Two SATA disks, one of them with a partition, and a USB stick. */
function machine(tree: Tree): Reader {
  const links: Record<string, string> = {
    '/sys/class/block/sda': `${AHCI}/block/sda`,
    '/sys/class/block/sda1': `${AHCI}/block/sda/sda1`,
    '/sys/class/block/sdb': '../../devices/pci0000:00/0000:00:17.0/ata2/block/sdb',
    '/sys/class/block/sdc': `../../devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/host4/block/sdc`,
    '/sys/bus/usb/devices/1-4': PORT,
    ...tree.links,
  }
  const blocks = Object.keys(links).flatMap((path) => /^\/sys\/class\/block\/(.+)$/u.exec(path)?.[1] ?? [])
  const dirs: Record<string, string[]> = {
    '/sys/class/block': blocks,
    '/sys/bus/usb/devices': ['1-0:1.0', '1-4', '1-4:1.0', 'usb1'],
    ...tree.dirs,
  }
  const files: Record<string, string> = {
    '/proc/self/mounts': 'proc /proc proc rw 0 0\n',
    ...Object.fromEntries(blocks.flatMap((name, index) => block(name, index))),
    '/sys/bus/usb/devices/1-4/idVendor': '0781\n',
    '/sys/bus/usb/devices/1-4/idProduct': '5581\n',
    '/sys/bus/usb/devices/1-4/busnum': '1\n',
    '/sys/bus/usb/devices/1-4/devnum': '9\n',
    '/sys/bus/usb/devices/1-4/bDeviceClass': '00\n',
    '/sys/bus/usb/devices/1-4:1.0/bInterfaceClass': '08\n',
    ...tree.files,
  }
  const denied = (path: string) => tree.denied?.includes(path) === true
  return {
    read: async (path) => {
      const text = files[path]
      if (denied(path)) return { kind: 'denied', why: `${path}: EACCES` }
      return text === undefined ? { kind: 'absent' } : { kind: 'text', text }
    },
    list: async (path) => {
      const names = dirs[path]
      if (denied(path)) return { kind: 'denied', why: `${path}: EACCES` }
      return names === undefined ? { kind: 'absent' } : { kind: 'names', names }
    },
    link: async (path) => {
      const target = links[path]
      return target === undefined ? { kind: 'absent' } : { kind: 'target', target }
    },
    owner: async () => 0,
  }
}

function block(name: string, index: number): [string, string][] {
  const at = `/sys/class/block/${name}`
  return [
    [`${at}/dev`, `8:${index}\n`],
    [`${at}/size`, '2048\n'],
    [`${at}/ro`, '0\n'],
    [
      `/run/udev/data/b8:${index}`,
      `S:disk/by-id/wwn-${index}\nS:disk/by-id/ata-DISK_${name}\nE:DEVNAME=/dev/${name}\n`,
    ],
  ]
}

/** Why each disk is refused; null: it can be spared. */
async function uses(tree: Tree): Promise<Record<string, string | null>> {
  const disks = await findDisks(machine(tree))
  if (isUnknown(disks)) throw new Error(disks.unknown)
  return Object.fromEntries(disks.map(({ name, use }) => [name, use]))
}

const mounts = (...rows: string[]) => ({ '/proc/self/mounts': rows.map((row) => `${row} rw 0 0\n`).join('') })

describe('disks of the host', () => {
  it('are whole disks with a stable name, spare while the host uses nothing on them', async () => {
    const disks = await findDisks(machine({}))
    expect(disks).toEqual([
      expect.objectContaining({ name: 'sda', path: '/dev/disk/by-id/ata-DISK_sda', sizeBytes: 1_048_576, use: null }),
      expect.objectContaining({ name: 'sdb', node: '/dev/sdb', use: null }),
      expect.objectContaining({ name: 'sdc', use: null }),
    ])
  })

  const dm = {
    links: { '/sys/class/block/dm-0': '../../devices/virtual/block/dm-0' },
    dirs: { '/sys/class/block/dm-0/slaves': ['sda1'] },
  }
  const cases: [string, Tree, string, RegExp][] = [
    ['a mounted partition', { files: mounts('/dev/sda1 / ext4') }, 'sda', /\/ is mounted from it/u],
    ['a mounted whole disk', { files: mounts('/dev/sdb /data ext4') }, 'sdb', /\/data is mounted/u],
    ['a mounted USB stick', { files: mounts('/dev/sdc /media/a\\040b vfat') }, 'sdc', /\/media\/a b is mounted/u],
    [
      'swap on a partition',
      { files: { '/proc/swaps': 'Filename Type Size\n/dev/sda1 partition 1\n' } },
      'sda',
      /holds swap/u,
    ],
    [
      'the root filesystem on dm over a partition',
      { ...dm, files: { ...mounts('/dev/mapper/vg-root / xfs'), '/sys/class/block/dm-0/dm/name': 'vg-root\n' } },
      'sda',
      /\/ is mounted from it/u,
    ],
    [
      'an open mapping nothing is mounted from',
      { dirs: { '/sys/class/block/sda1/holders': ['dm-3'] } },
      'sda',
      /dm-3/u,
    ],
    ['a member of LVM', { files: { '/run/udev/data/b8:1': 'E:ID_FS_TYPE=LVM2_member\n' } }, 'sda', /host’s LVM2/u],
    [
      'a member of RAID',
      { files: { '/run/udev/data/b8:2': 'E:ID_FS_TYPE=linux_raid_member\n' } },
      'sdb',
      /linux_raid/u,
    ],
    ['a member of ZFS', { files: { '/run/udev/data/b8:2': 'E:ID_FS_TYPE=zfs_member\n' } }, 'sdb', /host’s zfs/u],
    [
      'a part of a mounted btrfs',
      { dirs: { '/sys/fs/btrfs': ['u'], '/sys/fs/btrfs/u/devices': ['sdb'] } },
      'sdb',
      /btrfs/u,
    ],
    ['a disk udev says nothing of', { denied: ['/run/udev/data/b8:2'] }, 'sdb', /cannot be told/u],
    ['a read-only disk', { files: { '/sys/class/block/sdb/ro': '1\n' } }, 'sdb', /read-only/u],
    ['an empty card reader', { files: { '/sys/class/block/sdc/size': '0\n' } }, 'sdc', /no medium/u],
  ]

  it.each(cases)('%s is refused, and only that', async (_what, tree, name, words) => {
    const { [name]: why, ...others } = await uses(tree)
    expect(why).toMatch(words)
    expect(Object.values(others).every((use) => use === null)).toBe(true)
  })

  it('are all refused while a mount cannot be followed, or mounts are unknown', async () => {
    for (const tree of [{ files: mounts('/dev/odd/volume / ext4') }, { denied: ['/proc/self/mounts'] }])
      expect(Object.values(await uses(tree)).every((use) => use?.includes('cannot be told') === true)).toBe(true)
  })
})

describe('USB devices of the host', () => {
  it('are refused when a filesystem of the host is on them', async () => {
    expect(await findUsb(machine({}))).toMatchObject([{ port: '1-4', kinds: ['storage'], use: null }])
    const used = await findUsb(machine({ files: mounts('/dev/sdc / ext4') }))
    expect(used).toMatchObject([
      { node: '/dev/bus/usb/001/009', use: expect.stringContaining('/ is mounted') as string },
    ])
  })

  it('are refused when the host’s network goes through them, also below a bridge', async () => {
    const tree = {
      links: {
        '/sys/class/net/br0': '../../devices/virtual/net/br0',
        '/sys/class/net/enx1': '../../devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/net/enx1',
      },
      dirs: { '/sys/class/net/br0': ['address', 'lower_enx1'] },
      files: { '/proc/net/route': 'Iface\tDestination\nbr0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n' },
    }
    expect(await findUsb(machine(tree))).toMatchObject([{ use: expect.stringContaining('default route') as string }])
  })

  it('with data are refused while it is unknown what the host uses', async () => {
    expect(await findUsb(machine({ denied: ['/proc/self/mounts'] }))).toMatchObject([
      { use: expect.stringContaining('cannot be told') as string },
    ])
  })

  it('do not include hubs', async () => {
    expect(await findUsb(machine({ files: { '/sys/bus/usb/devices/1-4/bDeviceClass': '09\n' } }))).toEqual([])
  })
})

describe('keyboards and mice', () => {
  const tree = {
    links: {
      '/sys/class/input/event0': '../../devices/LNXSYSTM:00/PNP0C0C:00/input/input0/event0',
      '/sys/class/input/event1': '../../devices/platform/i8042/serio0/input/input1/event1',
      '/sys/class/input/event2': `${PORT}/1-4.2/1-4.2:1.0/0003:046D:C31C.0001/input/input2/event2`,
      '/sys/class/input/event3': '../../devices/virtual/input/input3/event3',
    },
    dirs: { '/sys/class/input': ['event0', 'event1', 'event2', 'event3', 'mice'] },
    files: {
      '/sys/class/input/event0/dev': '13:64\n',
      '/sys/class/input/event1/dev': '13:65\n',
      '/sys/class/input/event2/dev': '13:66\n',
      '/sys/class/input/event3/dev': '13:67\n',
      '/sys/class/input/event2/device/name': 'Keys\n',
      '/run/udev/data/c13:64': 'E:ID_INPUT=1\nE:ID_INPUT_KEY=1\n',
      '/run/udev/data/c13:65': 'S:input/by-path/platform-i8042-serio-0-event-kbd\nE:ID_INPUT_KEYBOARD=1\n',
      '/run/udev/data/c13:66': 'S:input/by-path/x\nS:input/by-id/usb-Keys-event-kbd\nE:ID_INPUT_KEYBOARD=1\n',
      '/run/udev/data/c13:67': 'E:ID_INPUT_KEYBOARD=1\n',
    },
  }

  it('are those udev names, by the most stable name, without buttons and virtual ones', async () => {
    expect(await findInput(machine(tree))).toEqual([
      expect.objectContaining({ path: '/dev/input/by-path/platform-i8042-serio-0-event-kbd', usbPort: null }),
      expect.objectContaining({ name: 'Keys', path: '/dev/input/by-id/usb-Keys-event-kbd', usbPort: '1-4.2' }),
    ])
  })

  it('are unknown, not absent, where they cannot be read', async () => {
    expect(isUnknown(await findInput(machine({ denied: ['/sys/class/input'] })))).toBe(true)
  })
})
