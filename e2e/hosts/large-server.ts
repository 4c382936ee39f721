import type { GpuTruth, MachineFile } from './machine-file.ts'

const SWITCHES = 16
const ENDPOINTS = 23

const hex = (value: number) => value.toString(16).padStart(2, '0')

/** One branch: a root port and 23 network functions below it, the first of every fourth switch a compute card. */
function branch(index: number): string[] {
  const port = `${portAt(index)} 0604 8086:347a ${index * 30} pcieport Ice Lake root port`
  const first = index % 4 === 0 ? gpuRow(index) : endpoint(index, 0)
  const others = Array.from({ length: ENDPOINTS - 1 }, (_, at) => endpoint(index, at + 1))
  return [port, first, ...others]
}

/** Root ports take the slots 01 to 10 of the root bus. */
function portAt(index: number): string {
  return `0000:00:${hex(index + 1)}.0`
}

function cardAt(index: number): string {
  return `0000:${hex(0x11 + index * 8)}:00.0`
}

function gpuRow(index: number): string {
  return `${cardAt(index)} 0302 10de:20b0 ${index * 30 + 1} nvidia GA100 [A100 SXM4 40GB]`
}

function endpoint(index: number, at: number): string {
  const bus = 0x11 + index * 8 + Math.floor(at / 8)
  const slot = at < 8 ? '01' : '00'
  return `0000:${hex(bus)}:${slot}.${at % 8} 0200 8086:1889 ${index * 30 + 2 + at} iavf Ethernet adaptive virtual function`
}

const ROWS = Array.from({ length: SWITCHES }, (_, index) => branch(index)).flat()
/** Everything of a branch but its port hangs on the port. */
const PARENTS = Object.fromEntries(
  Array.from({ length: SWITCHES }, (_, index) =>
    branch(index)
      .slice(1)
      .map((row) => [row.slice(0, row.indexOf(' ')), portAt(index)] as const),
  ).flat(),
)
const CARDS = Array.from({ length: SWITCHES / 4 }, (_, index) => cardAt(index * 4))

const truthOf = (address: string): GpuTruth => ({
  ...{ address, status: 'needs-work', reasons: ['held-by-host'], functions: [address], foreign: [] },
  identical: CARDS.filter((other) => other !== address),
})

const CONSOLE = '0000:04:00.0'

/** A generated server of 400 functions with four equal compute cards and a management display. */
export const LARGE_SERVER: MachineFile = {
  name: 'generated-400-functions',
  about: 'Generated: 16 root ports, four A100 cards among virtual functions of network cards.',
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
  parents: PARENTS,
  direct: [],
  disks: [{ name: 'nvme0n1', at: '0000:01:00.0', mount: '/' }],
  network: [{ name: 'eno1', at: '0000:02:00.0' }],
  devices: [
    '0000:00:00.0 0600 8086:09a2 900 - Ice Lake host bridge',
    '0000:00:00.1 0880 8086:09a4 900 - Ice Lake mesh',
    '0000:00:00.2 0880 8086:09a3 900 - Ice Lake RAS',
    '0000:00:00.4 0880 8086:0998 900 - Ice Lake IEH',
    '0000:00:14.0 0c03 8086:a1af 901 xhci_hcd C620 USB 3.0 xHCI',
    '0000:00:1f.0 0601 8086:a1c1 902 - C621 LPC',
    '0000:00:1f.2 0580 8086:a1a1 902 - C620 PMC',
    '0000:00:1f.4 0c05 8086:a1a3 902 i801_smbus C620 SMBus',
    '0000:00:1f.5 0c80 8086:a1a4 902 - C620 SPI',
    '0000:01:00.0 0108 144d:a80a 903 nvme NVMe SSD PM9A3',
    '0000:02:00.0 0200 8086:1572 904 i40e Ethernet X710',
    '0000:02:00.1 0200 8086:1572 905 i40e Ethernet X710',
    '0000:03:00.0 0604 1a03:1150 906 - AST1150 bridge',
    `${CONSOLE} 0300 1a03:2000 906 ast ASPEED Graphics Family`,
    '0000:05:00.0 0106 1b21:0612 907 ahci ASM1062 SATA',
    '0000:06:00.0 0c03 1b21:1242 908 xhci_hcd ASM1142 USB 3.1',
    ...ROWS,
  ],
  truth: {
    platform: 'on',
    interruptRemapping: true,
    gpus: [
      { ...truthOf(CONSOLE), status: 'blocked', reasons: ['management-display'], identical: [] },
      ...CARDS.map((address) => truthOf(address)),
    ],
  },
}
