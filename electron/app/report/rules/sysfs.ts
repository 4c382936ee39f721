import { type Rule, valueLike, wordByWord } from './rule.ts'

const NUMBER = /^-?\d+$/u
const HEX = /^(?:0x)?[0-9a-f]+$/u
const CPUS = /^[\d,-]+$/u

const PCI = String.raw`/sys/bus/pci/devices/[^/]+`
const USB = String.raw`/sys/bus/usb/devices/[^/]+`
const BLOCK = String.raw`/sys/class/block/[^/]+`
const NET = String.raw`/sys/class/net/[^/]+`
const GROUP = String.raw`/sys/kernel/iommu_groups/[^/]+`

function at(directory: string, names: string): RegExp {
  return new RegExp(`^${directory}/(?:${names})$`, 'u')
}

/** Attributes of the kernel. Most are numbers or one of few words; names of makers are kept word by word. */
export const SYSFS: readonly Rule[] = [
  {
    paths: at(PCI, 'vendor|device|class|revision|subsystem_vendor|subsystem_device|resource\\d_resize'),
    keep: valueLike(HEX),
  },
  {
    paths: at(PCI, 'boot_vga|numa_node|current_link_width|max_link_width|sriov_totalvfs|sriov_numvfs'),
    keep: valueLike(NUMBER),
  },
  {
    paths: at(PCI, 'current_link_speed|max_link_speed'),
    keep: valueLike(/^(?:[\d.]+ GT\/s(?: PCIe)?|Unknown(?: speed)?)$/u),
  },
  { paths: at(PCI, 'power_state'), keep: valueLike(/^(?:D[0-3]\w*|unknown|error)$/u) },
  { paths: at(PCI, 'driver_override'), keep: valueLike(/^(?:\(null\)|[\w-]*vfio[\w-]*)$/u) },
  { paths: at(PCI, 'reset_method'), keep: valueLike(/^(?:(?:device_specific|acpi|flr|af_flr|pm|bus|cxl_bus)\s*)+$/u) },
  { paths: at(PCI, 'resource'), keep: valueLike(/^(?:0x[0-9a-f]+\s*)+$/u) },
  // Whether the device answers is all that is asked; one that does not answers with ones only.
  { paths: at(PCI, 'config'), keep: (text) => (text === '' || /^\uFFFD+$/u.test(text) ? text : 'answers') },
  { paths: at(USB, 'bDeviceClass|bInterfaceClass|bInterfaceProtocol|idVendor|idProduct'), keep: valueLike(HEX) },
  { paths: at(USB, 'busnum|devnum'), keep: valueLike(NUMBER) },
  { paths: at(USB, 'manufacturer|product'), keep: wordByWord },
  { paths: at(BLOCK, 'dev'), keep: valueLike(/^\d+:\d+$/u) },
  { paths: at(BLOCK, 'ro|size'), keep: valueLike(NUMBER) },
  { paths: at(BLOCK, 'device/model|dm/name'), keep: wordByWord },
  { paths: at('/sys/class/input/[^/]+', 'dev'), keep: valueLike(/^\d+:\d+$/u) },
  { paths: at('/sys/class/input/[^/]+', 'device/name'), keep: wordByWord },
  { paths: at(NET, 'carrier|ifindex|owner'), keep: valueLike(NUMBER) },
  { paths: at(NET, 'operstate'), keep: valueLike(/^(?:up|down|unknown|dormant|testing|notpresent|lowerlayerdown)$/u) },
  { paths: at(NET, 'tun_flags'), keep: valueLike(HEX) },
  { paths: at(NET, 'address'), keep: wordByWord },
  {
    paths: at(NET, 'uevent'),
    keep: (text) => /^DEVTYPE=(?:bridge|bond|vlan|wlan|wwan|vxlan|dsa)$/mu.exec(text)?.[0].concat('\n') ?? '',
  },
  {
    paths: at('/sys/class/dmi/id', 'sys_vendor|product_name|bios_version|bios_date'),
    keep: valueLike(/^[\w .,()/+&-]{1,64}$/u),
  },
  { paths: at('/sys/class/drm/[^/]+', 'status'), keep: valueLike(/^(?:connected|disconnected|unknown)$/u) },
  { paths: at('/sys/class/vtconsole/[^/]+', 'bind'), keep: valueLike(NUMBER) },
  {
    paths: at('/sys/class/vtconsole/[^/]+', 'name'),
    keep: valueLike(/^\([SM]\) (?:dummy|frame buffer|VGA\+) ?(?:device)?$/u),
  },
  {
    paths: at('/sys/devices/system/cpu/cpu\\d+', 'topology/thread_siblings_list|cache/index3/shared_cpu_list'),
    keep: valueLike(CPUS),
  },
  {
    paths: /^\/sys\/module\/kvm_(?:intel\/parameters\/enable_apicv|amd\/parameters\/avic)$/u,
    keep: valueLike(/^(?:[YN]|-?\d)$/u),
  },
  { paths: /^\/sys\/devices\/cpu_(?:core|atom)\/cpus$/u, keep: valueLike(CPUS) },
  {
    paths: at('/sys/devices/system/node/node\\d+', 'meminfo'),
    keep: (text) => /^Node \d+ MemTotal:\s+\d+ kB$/mu.exec(text)?.[0].concat('\n') ?? '',
  },
  {
    paths: at(GROUP, 'type|name'),
    keep: valueLike(/^(?:identity|DMA|DMA-FQ|auto|blocked|unmanaged|unknown|vfio-noiommu)$/u),
  },
  {
    paths: at(GROUP, 'reserved_regions'),
    keep: valueLike(/^(?:0x[0-9a-f]+ 0x[0-9a-f]+ (?:direct|direct-relaxable|reserved|msi)\s*)+$/u),
  },
  { paths: at('/sys/kernel/mm/hugepages/hugepages-(?:2048|1048576)kB', '\\w+_hugepages'), keep: valueLike(NUMBER) },
  {
    paths: /^\/sys\/kernel\/security\/lockdown$/u,
    keep: valueLike(/^(?:\[?(?:none|integrity|confidentiality)\]?\s*)+$/u),
  },
  { paths: /^\/sys\/fs\/selinux\/enforce$/u, keep: valueLike(/^[01]$/u) },
  { paths: /^\/sys\/module\/kvmfr\/parameters\/static_size_mb$/u, keep: valueLike(CPUS) },
  // Four bytes of attributes and one of value.
  { paths: /^\/sys\/firmware\/efi\/efivars\/SecureBoot-[0-9a-f-]+$/u, keep: (text) => text.slice(0, 5) },
  { paths: /^\/sys\/firmware\/efi\/efivars\/LoaderInfo-[0-9a-f-]+$/u, keep: (text) => loader(printed(text)) },
  {
    paths: /^\/sys\/firmware\/efi\/efivars\/LoaderEntryDefault-[0-9a-f-]+$/u,
    keep: (text, { hide }) => hide.words(printed(text)),
  },
]

/** As gather/boot/boot-signs.ts reads a text variable. */
function printed(text: string): string {
  return text.replaceAll(/[^ -~]/gu, '')
}

function loader(text: string): string {
  return /^(?:systemd-(?:boot|stub)|GRUB) ?[\d.]*/u.exec(text)?.[0] ?? ''
}
