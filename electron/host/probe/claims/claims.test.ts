import { describe, expect, it } from 'vitest'
import type { Reader } from '#shared/base/system.ts'
import { isUnknown } from '#shared/base/unknown.ts'
import type { Claim } from '#shared/facts/facts.ts'
import { findClaims } from './claims.ts'
import { defaultRoute } from './network.ts'

const SATA = '0000:00:17.0'
const NVME = '0000:03:00.0'
const NIC = '0000:04:00.0'
const USB = '0000:01:00.2'

interface Tree {
  files?: Record<string, string>
  dirs?: Record<string, string[]>
  links?: Record<string, string>
}

/** A machine with a SATA controller, an NVMe, a network card and the USB controller of a graphics card. */
function machine({ files = {}, dirs = {}, links = {} }: Tree): Reader {
  const classes = Object.entries({ [SATA]: '0x010601', [NVME]: '0x010802', [NIC]: '0x020000', [USB]: '0x0c0330' })
  const allFiles: Record<string, string> = {
    '/proc/self/mounts': 'proc /proc proc rw 0 0\n',
    '/sys/bus/pci/devices/0000:00:1c.0/class': '0x060400\n',
    ...Object.fromEntries(classes.map(([address, code]) => [`/sys/bus/pci/devices/${address}/class`, `${code}\n`])),
    ...files,
  }
  const allDirs: Record<string, string[]> = { '/sys/bus/pci/devices': classes.map(([address]) => address), ...dirs }
  const allLinks: Record<string, string> = {
    '/sys/class/block/sda1': `../../devices/pci0000:00/${SATA}/ata1/block/sda/sda1`,
    '/sys/class/block/nvme0n1p1': `../../devices/pci0000:00/0000:00:1c.0/${NVME}/nvme/nvme0/nvme0n1/nvme0n1p1`,
    '/sys/class/net/eth0': `../../devices/pci0000:00/${NIC}/net/eth0`,
    ...links,
  }
  return {
    read: async (path) => {
      const text = allFiles[path]
      return text === undefined ? { kind: 'absent' } : { kind: 'text', text }
    },
    list: async (path) => {
      const names = allDirs[path]
      return names === undefined ? { kind: 'absent' } : { kind: 'names', names }
    },
    link: async (path) => {
      const target = allLinks[path]
      return target === undefined ? { kind: 'absent' } : { kind: 'target', target }
    },
    owner: async () => null,
  }
}

async function claims(tree: Tree): Promise<Claim[]> {
  const found = await findClaims(machine(tree))
  if (isUnknown(found)) throw new Error(found.unknown)
  return found
}

const mounted = (row: string) => ({ '/proc/self/mounts': `${row} rw 0 0\n` })

describe('storage of the host is claimed', () => {
  const cases: [string, Tree, Partial<Claim>[]][] = [
    ['a plain partition', { files: mounted('/dev/sda1 / ext4') }, [{ address: SATA, certain: true }]],
    ['an NVMe behind a bridge', { files: mounted('/dev/nvme0n1p1 /data ext4') }, [{ address: NVME, certain: true }]],
    [
      'LVM on md on two disks',
      {
        files: { ...mounted('/dev/mapper/vg-root / ext4'), '/sys/class/block/dm-0/dm/name': 'vg-root\n' },
        dirs: {
          '/sys/class/block': ['dm-0', 'md0', 'sda1', 'nvme0n1p1'],
          '/sys/class/block/dm-0/slaves': ['md0'],
          '/sys/class/block/md0/slaves': ['sda1', 'nvme0n1p1'],
        },
        links: {
          '/sys/class/block/dm-0': '../../devices/virtual/block/dm-0',
          '/sys/class/block/md0': '../../devices/virtual/block/md0',
        },
      },
      [{ address: SATA }, { address: NVME }],
    ],
    [
      'NVMe multipath, whose disk is virtual',
      {
        files: mounted('/dev/nvme1n1p1 / xfs'),
        dirs: { '/sys/class/nvme-subsystem/nvme-subsys1': ['model', 'nvme1', 'nvme1n1'] },
        links: {
          '/sys/class/block/nvme1n1p1': '../../devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1/nvme1n1p1',
          '/sys/class/nvme/nvme1': `../../devices/pci0000:00/${NVME}/nvme/nvme1`,
        },
      },
      [{ address: NVME, certain: true }],
    ],
    [
      'btrfs with a second disk that /proc/mounts does not name',
      {
        files: mounted('/dev/sda1 / btrfs'),
        dirs: { '/sys/fs/btrfs': ['features', 'u-u-i-d'], '/sys/fs/btrfs/u-u-i-d/devices': ['nvme0n1p1', 'sda1'] },
      },
      [{ address: SATA }, { address: NVME }, { address: SATA }],
    ],
    [
      'a ZFS pool, by udev’s database',
      {
        files: {
          ...mounted('tank/home /home zfs'),
          '/sys/class/block/sda1/dev': '8:1\n',
          '/run/udev/data/b8:1': 'E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n',
        },
        dirs: { '/sys/class/block': ['sda1'] },
      },
      [{ address: SATA, certain: true }],
    ],
    [
      '/dev/root, by its number',
      {
        files: {
          ...mounted('/dev/root / ext4'),
          '/proc/self/mountinfo': '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n',
        },
        links: { '/sys/dev/block/8:1': '../../devices/pci0000:00/block/sda/sda1' },
      },
      [{ address: SATA, certain: true }],
    ],
    [
      'swap',
      { files: { '/proc/swaps': 'Filename Type Size Used Priority\n/dev/sda1 partition 1 0 -2\n' } },
      [{ address: SATA, detail: 'it holds swap (/dev/sda1)' }],
    ],
  ]

  it.each(cases)('for %s', async (_what, tree, wanted) => {
    const found = await claims(tree)
    expect(found).toHaveLength(wanted.length)
    expect(found).toMatchObject(wanted)
  })

  it.each([
    ['the disks of a pool are unknown', mounted('tank / zfs')],
    ['a mounted source leads nowhere', mounted('/dev/lost /data ext4')],
  ])('in doubt on every controller when %s', async (_what, files) => {
    const found = await claims({ files })
    expect(found.map(({ address, certain }) => [address, certain])).toEqual([
      [SATA, false],
      [NVME, false],
    ])
  })
})

describe('a network card of the host', () => {
  const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n'
  const route = (name: string, to: string, mask: string) => `${name}\t${to}\t00000000\t0001\t0\t0\t0\t${mask}\t0\n`

  it('is claimed for the default route of IPv6 too', async () => {
    const zeros = '0'.repeat(32)
    const files = { '/proc/net/ipv6_route': `${zeros} 00 ${zeros} 00 ${zeros} 00000400 1 0 00000003 eth0\n` }
    expect(await claims({ files })).toEqual([expect.objectContaining({ address: NIC, kind: 'network', certain: true })])
  })

  it('is told by the default route of IPv4, and by that of IPv6 where there is no other', async () => {
    const zeros = '0'.repeat(32)
    const six = ['lo', 'eth0']
      .map((name) => `${zeros} 00 ${zeros} 00 ${zeros} 00000400 1 0 00000003 ${name}\n`)
      .join('')
    const only = { '/proc/net/ipv6_route': six }
    expect(await defaultRoute(machine({ files: only }))).toEqual({ link: 'eth0', ip: 'IPv6' })
    const both = { ...only, '/proc/net/route': `${head}${route('eth1', '00000000', '00000000')}` }
    expect(await defaultRoute(machine({ files: both }))).toEqual({ link: 'eth1', ip: 'IPv4' })
    expect(await defaultRoute(machine({ files: {} }))).toBe(null)
  })

  it('is in doubt where the default route goes through a tunnel', async () => {
    const files = { '/proc/net/route': `${head}${route('tun0', '00000000', '00000000')}` }
    const links = { '/sys/class/net/tun0': '../../devices/virtual/net/tun0' }
    expect(await claims({ files, links })).toEqual([expect.objectContaining({ address: NIC, certain: false })])
  })

  it('is claimed by an SSH session through its most specific route', async () => {
    const files = {
      '/proc/net/route': `${head}${route('eth1', '0000A8C0', '0000FFFF')}${route('eth0', '0001A8C0', '00FFFFFF')}`,
      '/proc/net/tcp': '  sl  local_address rem_address   st\n   0: 0201A8C0:0016 0501A8C0:D431 01 00000000:00000000\n',
    }
    expect(await claims({ files })).toEqual([
      expect.objectContaining({ address: NIC, detail: 'an SSH session comes in through eth0' }),
    ])
  })
})

describe('an SSH session on a port of its own', () => {
  const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n'
  const table = {
    '/proc/net/route': `${head}eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n`,
    '/proc/net/tcp': 'sl local_address rem_address st\n0: 0201A8C0:08AE 0501A8C0:D431 01 00000000:00000000\n',
  }
  const configs: [string, Record<string, string>][] = [
    ['Port', { '/etc/ssh/sshd_config': '#Port 22\nPort 2222\n' }],
    ['Port=', { '/etc/ssh/sshd_config': 'port=2222 # office\n' }],
    ['ListenAddress', { '/etc/ssh/sshd_config': 'ListenAddress [::]:2222\n' }],
    ['a drop-in', { '/etc/ssh/sshd_config.d/10-port.conf': 'Port 2222\n' }],
  ]

  it.each(configs)('is found by %s', async (_what, files) => {
    const dirs = { '/etc/ssh/sshd_config.d': ['10-port.conf', 'README'] }
    expect(await claims({ files: { ...table, ...files }, dirs })).toEqual([
      expect.objectContaining({ address: NIC, detail: 'an SSH session comes in through eth0' }),
    ])
  })

  it('is not one where sshd does not name that port', async () => {
    expect(await claims({ files: { ...table, '/etc/ssh/sshd_config': '#Port 2222\nPort 22\n' } })).toEqual([])
  })
})

describe('the only keyboard', () => {
  const block = (name: string, sysfs: string, key: string) =>
    `I: Bus=0003\nN: Name="${name}"\nS: Sysfs=${sysfs}\nH: Handlers=sysrq kbd leds event2 \nB: EV=120013\nB: KEY=${key}\n\n`
  const LETTERS = '1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe'
  const usb = block('Keyboard', `/devices/pci0000:00/0000:00:01.0/${USB}/usb3/3-1/input/input5`, LETTERS)
  const button = block('Power Button', '/devices/LNXSYSTM:00/LNXPWRBN:00/input/input0', '10000000000000 0')

  it('claims the card whose USB controller it is on', async () => {
    const found = await claims({ files: { '/proc/bus/input/devices': button + usb } })
    expect(found).toEqual([expect.objectContaining({ address: USB, kind: 'input' })])
  })

  it('claims nothing when there is another one elsewhere', async () => {
    const ps2 = block('AT Keyboard', '/devices/platform/i8042/serio0/input/input3', LETTERS)
    expect(await claims({ files: { '/proc/bus/input/devices': usb + ps2 } })).toEqual([])
  })
})

describe('a network card that the host has set up', () => {
  const route = (link: string, destination: string) => `${link}\t${destination}\t00000000\t0001\t0\t0\t0\t00FFFFFF\n`
  const table = (...rows: string[]) => ({ '/proc/net/route': `Iface\tDestination\n${rows.join('')}` })

  it.each<[string, Tree, string]>([
    ['with an address', { files: table(route('eth0', '0000A8C0')) }, 'out of the network configuration'],
    [
      'with an IPv6 address only',
      { files: { '/proc/net/ipv6_route': `20010db8${'0'.repeat(24)} 40 ${'0 '.repeat(7)}eth0\n` } },
      'out of the network configuration',
    ],
    ['as a port of a bridge', { dirs: { '/sys/class/net/eth0': ['operstate', 'upper_br0'] } }, 'eth0 out of br0'],
  ])('%s is in use until that is ended', async (_, tree, stop) => {
    const dirs = { '/sys/class/net': ['eth0', 'lo'], ...tree.dirs }
    expect(await claims({ ...tree, dirs })).toEqual([
      {
        ...{ address: NIC, kind: 'network', certain: true, detail: expect.stringContaining('eth0') as string },
        stop: expect.stringContaining(stop) as string,
      },
    ])
  })

  it('and that is up with a link-local address alone is free', async () => {
    const files = { '/proc/net/ipv6_route': `fe80${'0'.repeat(28)} 40 ${'0 '.repeat(7)}eth0\n` }
    expect(await claims({ files, dirs: { '/sys/class/net': ['eth0'] } })).toEqual([])
  })

  it('of which a virtual function carries the default route cannot be spared', async () => {
    const virtual = '0000:04:10.0'
    const links = {
      '/sys/class/net/eth1': `../../devices/pci0000:00/${virtual}/net/eth1`,
      [`/sys/bus/pci/devices/${virtual}/physfn`]: `../${NIC}`,
    }
    const files = { '/proc/net/route': `Iface\neth1\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n` }
    const found = await claims({ files, links })
    expect(found.map(({ address, stop }) => [address, stop])).toEqual([
      [virtual, null],
      [NIC, null],
    ])
  })
})
