import type { GpuTruth, MachineFile } from './machine-file.ts'

const ENDPOINTS = 23
/** Bus numbers of a domain suffice for so many switches. */
const SWITCHES_OF_DOMAIN = 16

const hex = (value: number) => value.toString(16).padStart(2, '0')

/** `0000:10` and so on: a bus below a switch. */
function busAt(index: number, below: number): string {
  const domain = Math.floor(index / SWITCHES_OF_DOMAIN)
  return `${domain.toString(16).padStart(4, '0')}:${hex(0x10 + (index % SWITCHES_OF_DOMAIN) * 8 + below)}`
}

/** Root ports take the slots 01 to 10 of their domain's root bus. */
function portAt(index: number): string {
  return `${busAt(index, 0).slice(0, 4)}:00:${hex((index % SWITCHES_OF_DOMAIN) + 1)}.0`
}

/** One switch: a root port and 23 network functions below it, the first of every fourth switch a compute card. */
function branch(index: number): string[] {
  const port = `${portAt(index)} 0604 8086:347a ${index * 30} pcieport Ice Lake root port`
  const first = index % 4 === 0 ? gpuRow(index) : endpoint(index, 0)
  const others = Array.from({ length: ENDPOINTS - 1 }, (_, at) => endpoint(index, at + 1))
  return [port, first, ...others]
}

function cardAt(index: number): string {
  return `${busAt(index, 1)}:00.0`
}

function gpuRow(index: number): string {
  return `${cardAt(index)} 0302 10de:20b0 ${index * 30 + 1} nvidia GA100 [A100 SXM4 40GB]`
}

function endpoint(index: number, at: number): string {
  const slot = at < 8 ? '01' : '00'
  return `${busAt(index, 1 + Math.floor(at / 8))}:${slot}.${at % 8} 0200 8086:1889 ${index * 30 + 2 + at} iavf Ethernet adaptive virtual function`
}

const CONSOLE = '0000:04:00.0'

const OWN = [
  '0000:00:00.0 0600 8086:09a2 9000 - Ice Lake host bridge',
  '0000:00:00.1 0880 8086:09a4 9000 - Ice Lake mesh',
  '0000:00:00.2 0880 8086:09a3 9000 - Ice Lake RAS',
  '0000:00:00.4 0880 8086:0998 9000 - Ice Lake IEH',
  '0000:00:14.0 0c03 8086:a1af 9001 xhci_hcd C620 USB 3.0 xHCI',
  '0000:00:1f.0 0601 8086:a1c1 9002 - C621 LPC',
  '0000:00:1f.2 0580 8086:a1a1 9002 - C620 PMC',
  '0000:00:1f.4 0c05 8086:a1a3 9002 i801_smbus C620 SMBus',
  '0000:00:1f.5 0c80 8086:a1a4 9002 - C620 SPI',
  '0000:01:00.0 0108 144d:a80a 9003 nvme NVMe SSD PM9A3',
  '0000:02:00.0 0200 8086:1572 9004 i40e Ethernet X710',
  '0000:02:00.1 0200 8086:1572 9005 i40e Ethernet X710',
  '0000:03:00.0 0604 1a03:1150 9006 - AST1150 bridge',
  `${CONSOLE} 0300 1a03:2000 9006 ast ASPEED Graphics Family`,
  '0000:05:00.0 0106 1b21:0612 9007 ahci ASM1062 SATA',
  '0000:06:00.0 0c03 1b21:1242 9008 xhci_hcd ASM1142 USB 3.1',
]

/** A generated server: `size` functions, equal compute cards among them, and a management display. */
export function largeServer(size: number): MachineFile {
  const switches = Math.ceil((size - OWN.length) / (1 + ENDPOINTS))
  const branches = Array.from({ length: switches }, (_, index) => branch(index))
  const devices = [...OWN, ...branches.flat()].slice(0, size)
  const cards = Array.from({ length: switches }, (_, index) => cardAt(index)).filter((address) =>
    devices.some((row) => row.startsWith(`${address} 0302`)),
  )
  return {
    name: `generated-${size}-functions`,
    about: 'Generated: A100 cards among virtual functions of network cards, each switch below a root port.',
    cpu: 'intel',
    model: 'Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz',
    distribution: 'debian',
    table: 'DMAR',
    cmdline: 'quiet intel_iommu=on',
    virtualization: true,
    hypervisor: false,
    interruptRemapping: true,
    container: false,
    bootVga: CONSOLE,
    screens: { [CONSOLE]: ['VGA-1'] },
    parents: Object.fromEntries(branches.flatMap(([port, ...below]) => below.map((row) => [at(row), at(port ?? '')]))),
    virtual: {},
    direct: [],
    disks: [{ name: 'nvme0n1', at: '0000:01:00.0', mount: '/' }],
    network: [{ name: 'eno1', at: '0000:02:00.0' }],
    devices,
    truth: {
      platform: 'on',
      interruptRemapping: true,
      gpus: [
        { ...truthOf(CONSOLE, []), status: 'blocked', reasons: ['management-display'] },
        ...cards.map((address) => truthOf(address, cards)),
      ],
    },
  }
}

/** Address of a row. */
function at(row: string): string {
  return row.slice(0, row.indexOf(' '))
}

function truthOf(address: string, cards: readonly string[]): GpuTruth {
  return {
    ...{ address, status: 'needs-work', reasons: ['held-by-host'], functions: [address], foreign: [] },
    identical: cards.filter((other) => other !== address),
  }
}
